using Lanyard.Index;
using Lanyard.Layouts;
using TorchSharp;

namespace Lanyard.Live;

/// <summary>Whether what a layout adds to a parameter is still zero.</summary>
internal static class ParameterPadding
{
    /// <summary>What is wrong with the padding of a parameter, or null.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="format">A format of it: its slots and constants are all that is not padding.</param>
    /// <param name="value">Its value in the layout that loads write, contiguous.</param>
    public static string? Fault(ModelParameter parameter, ParameterFormat format, torch.Tensor value)
    {
        if (!parameter.Bound.HasPadding) return null;
        using var scope = torch.NewDisposeScope();

        // Counting twice needs no mask of the size of the parameter. Types that TorchSharp does not name, as FP8, cannot be counted.
        var countable = Enum.IsDefined(value.dtype) ? value : value.to_type(torch.ScalarType.Float32);
        var slots = format.Uses.SelectMany(use => use.Slots).Concat(format.Constants.Select(constant => constant.Region)).ToList();
        var padding = countable.count_nonzero().ReadInt64() - slots.Sum(slot => NonZero(countable, slot));
        return padding == 0 ? null : $"{padding} of {value.numel() - slots.Sum(slot => slot.Count)} elements of padding are not zero";
    }

    private static long NonZero(torch.Tensor value, LayoutSlot slot)
    {
        using var elements = value.as_strided([.. slot.Sizes], [.. slot.ParameterStrides], value.storage_offset() + slot.ParameterOffset);
        using var count = elements.count_nonzero();
        return count.ReadInt64();
    }
}
