using System.Collections.Immutable;
using Lanyard.Memory;

namespace Lanyard;

/// <summary>Elements that go from one rank to another: nested loops over both storages, slowest in the target's first. All numbers count elements of the parameters as each rank stores them.</summary>
/// <param name="Source">The process that has them.</param>
/// <param name="Target">The process that they go to; the same where nothing is sent.</param>
/// <param name="Parameter">Which of the source parameters of the group has them, from 0.</param>
/// <param name="Sizes">The sizes of the loops; empty for one element.</param>
/// <param name="SourceOffset">Where they begin in the source parameter.</param>
/// <param name="SourceStrides">The distance there for each loop.</param>
/// <param name="TargetOffset">Where they begin in the target parameter.</param>
/// <param name="TargetStrides">The distance there for each loop.</param>
public sealed record TransferRun(int Source, int Target, int Parameter, ImmutableArray<long> Sizes, long SourceOffset, ImmutableArray<long> SourceStrides, long TargetOffset, ImmutableArray<long> TargetStrides)
{
    /// <summary>How many elements they are.</summary>
    public long Count
    {
        get
        {
            var count = 1L;
            foreach (var size in Sizes) count *= size;
            return count;
        }
    }

    /// <summary>The run, for messages.</summary>
    public override string ToString() => $"{Shapes.Text(Sizes)} from {SourceOffset} by {Shapes.Text(SourceStrides)} of process {Source} to {TargetOffset} by {Shapes.Text(TargetStrides)} of process {Target}";
}
