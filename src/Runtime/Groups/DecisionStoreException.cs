namespace Lanyard;

/// <summary>A store of decisions cannot be reached, or has what is no record. Of a record that was to be created nobody knows whether it was.</summary>
public sealed class DecisionStoreException : LanyardException
{
    /// <summary>Says what is the matter.</summary>
    /// <param name="store">The store: its folder or address.</param>
    /// <param name="reason">What is the matter with it, with a full stop.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public DecisionStoreException(string store, string reason, Exception? innerException = null)
        : base($"The store of decisions {store}: {reason}", innerException) => Store = store;

    /// <summary>The store: its folder or address.</summary>
    public string Store { get; }
}
