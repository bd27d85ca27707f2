namespace Lanyard.Maps;

/// <summary>A change of weights, as others see it that have nothing to do with it.</summary>
internal interface ISessionOwner
{
    /// <summary>Whether the caller runs within a write of it.</summary>
    bool IsOwn { get; }

    /// <summary>Ends it, unless its values are being moved, and waits for what is being written to the model.</summary>
    /// <param name="reason">Why, for whoever goes on with it.</param>
    void End(string reason);
}
