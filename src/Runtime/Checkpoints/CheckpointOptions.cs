namespace Lanyard.Checkpoints;

/// <summary>How strictly a checkpoint is opened.</summary>
public sealed record CheckpointOptions
{
    /// <summary>
    /// Whether every tensor of every file must be in the index, and where the index says. Else those that are not are passed over:
    /// <see cref="Checkpoint.PassedOver"/> lists them.
    /// </summary>
    public bool StrictIndex { get; init; }
}
