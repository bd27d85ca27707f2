using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>
/// The choice of the largest scores. Of equal ones it takes the first: what torch's <c>topk</c> takes of them changes with the number of scores, so that pieces of a text would see
/// other keys than the whole. Scores of indexers are equal often, since they are zero where no product is positive.
/// </summary>
internal static class LargestScores
{
    /// <summary>Which scores of the last dimension are chosen, bool.</summary>
    /// <param name="scores">[... scores]</param>
    /// <param name="count">How many are chosen, no more than there are.</param>
    public static Tensor Of(Tensor scores, long count)
    {
        using var scope = NewDisposeScope();
        var least = scores.topk((int)count, dim: -1).values.narrow(-1, count - 1, 1);
        var (above, equal) = (scores.gt(least), scores.eq(least));
        var left = above.sum(-1, keepdim: true).neg().Plus(count);
        return above.logical_or(equal.logical_and(equal.cumsum(-1).le(left))).MoveToOuterDisposeScope();
    }
}
