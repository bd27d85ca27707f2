namespace Lanyard;

/// <summary>A module was asked for something that its state does not allow, such as a forward pass of a torn model.</summary>
public sealed class ModelStateException(string message) : LanyardException(message);
