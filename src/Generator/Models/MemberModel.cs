namespace Lanyard.Generator.Models;

/// <summary>A member that an attribute names.</summary>
/// <param name="Name">Its expression, after the module and a dot or, for a static member, after the class and a dot.</param>
/// <param name="IsStatic">Whether it belongs to the class.</param>
public sealed record MemberModel(string Name, bool IsStatic);
