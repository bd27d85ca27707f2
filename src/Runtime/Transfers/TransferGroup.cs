using System.Collections.Immutable;
using Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard;

/// <summary>Parameters that are filled alike: those of equal layers.</summary>
/// <param name="Members">The parameters, in the order of the model.</param>
/// <param name="Format">The format of the target's sources by whose tensors the two sides were matched; empty for those without one.</param>
/// <param name="Target">How each of them is stored on the target side.</param>
/// <param name="Sources">How those are stored that each is filled from.</param>
/// <param name="Runs">The elements, for each of the members the same: ordered by target, then by source.</param>
public sealed record TransferGroup(ImmutableArray<TransferMember> Members, string Format, TransferStorage Target, ImmutableArray<TransferStorage> Sources, ImmutableArray<TransferRun> Runs)
{
    /// <summary>The elements of one member on all target processes.</summary>
    public long Elements { get; } = Runs.Sum(run => run.Count);

    /// <summary>The type in which the elements of a run are sent: the smaller one, and that of the target where both are alike.</summary>
    internal torch.ScalarType TypeOf(TransferRun run) => Smaller(Sources[run.Parameter].Type, Target.Type);

    /// <summary>The bytes of a run as it is sent, for one member.</summary>
    internal long BytesOf(TransferRun run) => run.Count * CheckpointTypes.FromScalarType(TypeOf(run)).Size();

    /// <summary>The type in which elements go from one type to another.</summary>
    internal static torch.ScalarType Smaller(torch.ScalarType from, torch.ScalarType to) =>
        CheckpointTypes.FromScalarType(to).Size() <= CheckpointTypes.FromScalarType(from).Size() ? to : from;
}
