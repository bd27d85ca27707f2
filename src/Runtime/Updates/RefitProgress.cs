using System.Collections.Immutable;

namespace Lanyard;

/// <summary>How far a refit is.</summary>
/// <param name="Tensors">The checkpoint tensors that came.</param>
/// <param name="Slots">The slots that were written.</param>
/// <param name="Bytes">The bytes of what they hold.</param>
public sealed record RefitProgress(int Tensors, int Slots, long Bytes)
{
    /// <summary>What must come yet, tensor by tensor.</summary>
    public ImmutableArray<LoadProblem> Missing { get; init; } = [];

    /// <summary>What is wrong with what came, so that it cannot be committed.</summary>
    public ImmutableArray<LoadProblem> Problems { get; init; } = [];

    /// <summary>Whether everything is ready to be committed.</summary>
    public bool IsPrepared { get; init; }

    /// <summary>Whether it was committed, abandoned or ended.</summary>
    public bool HasEnded { get; init; }
}
