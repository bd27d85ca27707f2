using TorchSharp;

namespace Lanyard;

/// <summary>What can be wrong with the indices of a patch.</summary>
internal static class PatchFault
{
    /// <summary>The first fault of sorted indices, or null.</summary>
    /// <param name="sorted">Indices, int64 [count], ascending.</param>
    /// <param name="elements">The number of elements that they index.</param>
    public static string? Of(torch.Tensor sorted, long elements)
    {
        var count = sorted.numel();
        if (count == 0) return null;
        using torch.Tensor low = sorted[0], high = sorted[count - 1];
        var (first, last) = (low.ToInt64(), high.ToInt64());
        if (first < 0) return $"index {first}";
        if (last >= elements) return $"index {last} of {elements} elements";
        return Twice(sorted) is { } twice ? $"index {twice} twice" : null;
    }

    private static long? Twice(torch.Tensor sorted)
    {
        using var scope = torch.NewDisposeScope();
        var repeated = sorted[1..].masked_select(sorted[1..].eq(sorted[..^1]));
        return repeated.numel() == 0 ? null : repeated[0].ToInt64();
    }
}
