using Lanyard.Layouts;
using TorchSharp;

namespace Lanyard.Memory;

/// <summary>Writes declared constants into parameters, and compares them.</summary>
internal static class ConstantValue
{
    /// <summary>Why a value cannot be one of an element type, or null. Floating-point types round it.</summary>
    public static string? Fault(double value, torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        var back = Of(value, type).to_type(torch.ScalarType.Float64).ReadDouble();
        var isHeld = back.Equals(value) || (double.IsFinite(back) && double.IsFinite(value) && torch.is_floating_point(type));
        return isHeld ? null : $"{value} is no value of {type}, which makes {back} of it";
    }

    /// <summary>What a type makes of a value that loses bits of it, where float32, in which values are computed, would not; else null.</summary>
    public static double? Rounded(double value, torch.ScalarType type)
    {
        if (type is not (torch.ScalarType.Float16 or torch.ScalarType.BFloat16) || (float)value is var single && float.IsNaN(single)) return null;
        using var scope = torch.NewDisposeScope();
        var back = Of(single, type).to_type(torch.ScalarType.Float64).ReadDouble();
        return back == single ? null : back;
    }

    /// <summary>Writes a constant.</summary>
    /// <param name="parameter">The whole parameter in the layout that loads write, contiguous.</param>
    /// <param name="constant">The constant.</param>
    public static void Write(torch.Tensor parameter, ConstantSlot constant)
    {
        // In inference mode a value may be changed that was made in it, and any other, too.
        using var anyMode = torch.inference_mode();
        using torch.Tensor value = Of(constant.Value, parameter.dtype), near = value.to(parameter.device), region = Region(parameter, constant.Region);
        region.copy_(near);
    }

    /// <summary>Whether all elements of a constant have the bits that <see cref="Write"/> writes.</summary>
    public static bool Holds(torch.Tensor parameter, ConstantSlot constant)
    {
        using var noGrad = torch.no_grad();
        using torch.Tensor value = Of(constant.Value, parameter.dtype), all = value.expand([.. constant.Region.Sizes]), region = Region(parameter, constant.Region);
        return TensorBits.Equal(region, all);
    }

    /// <summary>The values of those constants whose elements have others, each once.</summary>
    public static IEnumerable<double> Lost(torch.Tensor parameter, IEnumerable<ConstantSlot> constants) =>
        constants.Where(constant => !Holds(parameter, constant)).Select(constant => constant.Value).Distinct();

    private static torch.Tensor Of(double value, torch.ScalarType type)
    {
        using var wide = Numbers.Full([], value, torch.ScalarType.Float64);
        return wide.to_type(type, copy: true);
    }

    private static torch.Tensor Region(torch.Tensor parameter, LayoutSlot slot) =>
        parameter.as_strided([.. slot.Sizes], [.. slot.ParameterStrides], parameter.storage_offset() + slot.ParameterOffset);
}
