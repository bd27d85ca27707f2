using static TorchSharp.torch;

namespace Lanyard;

/// <summary>
/// What the ranks of one model do together in a forward pass. Every rank of a group calls the same operations in the same order, with values of one type; a group
/// has its ranks in ascending order. Results are new tensors of the caller's, on the device of what it gave.
/// </summary>
public interface ICollectives
{
    /// <summary>The sum of what all ranks of a group give, each of one shape; every rank has the same bits.</summary>
    /// <param name="value">This rank's part of the sum.</param>
    /// <param name="group">Whose parts are added.</param>
    Tensor AllReduce(Tensor value, RankGroup group);

    /// <summary>What all ranks of a group give, one after another along a dimension. Along it, but not along others, ranks may give different sizes.</summary>
    /// <param name="value">This rank's part.</param>
    /// <param name="dim">The dimension; negative ones count from the last.</param>
    /// <param name="group">Whose parts are put together.</param>
    Tensor AllGather(Tensor value, int dim, RankGroup group);

    /// <summary>Gives each rank of a group some rows and takes those that the others have for this one, in the order of the ranks.</summary>
    /// <param name="rows">[rows ...]: those for the first rank, then those for the second, and so on.</param>
    /// <param name="counts">How many rows are for each rank; their sum is the number of rows.</param>
    /// <param name="group">Who exchanges.</param>
    Tensor AllToAll(Tensor rows, ReadOnlySpan<long> counts, RankGroup group);
}
