namespace Lanyard.Updates;

/// <summary>How far an update is.</summary>
internal enum UpdatePhase
{
    /// <summary>Tensors come.</summary>
    Open,

    /// <summary>New values are being made.</summary>
    Preparing,

    /// <summary>They are made, and wait to be moved.</summary>
    Prepared,

    /// <summary>They are being moved, or wait for readers to end.</summary>
    Committing,

    /// <summary>They are live.</summary>
    Ended,

    /// <summary>They could not be made.</summary>
    Failed,
}
