namespace Lanyard;

/// <summary>What keeps a transfer from being planned or run.</summary>
public enum TransferProblemKind
{
    /// <summary>No source process has elements that a target needs.</summary>
    Missing,

    /// <summary>The two sides give a tensor different shapes.</summary>
    WrongShape,

    /// <summary>Elements would have to be rounded, and nobody has said that they may be.</summary>
    WrongType,

    /// <summary>The two sides take a tensor for different values, or it is not known which.</summary>
    WrongValues,

    /// <summary>A topology does not divide a model.</summary>
    WrongTopology,

    /// <summary>A live model is not the one that the plan is for.</summary>
    WrongModel,

    /// <summary>A process failed while elements were on their way.</summary>
    Failed,
}
