using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>A few elements of a tensor that the caller holds.</summary>
internal static class GivenPatch
{
    /// <summary>Brings the elements; they are written at the commit.</summary>
    /// <param name="update">The update.</param>
    /// <param name="patches">Where they are kept.</param>
    /// <param name="given">The elements, looked at by <see cref="Check"/>.</param>
    public static void Write(WeightUpdate update, UpdatePatches patches, TensorPatch given)
    {
        using var own = Plain(given.Values);
        var elements = Elements(given, own ?? given.Values);
        if (update.Arrivals.AdmitPatch(given.Name, elements.Type, (tensor, count) => patches.Enter(tensor, elements, count) ?? UpdatePatches.Padding(tensor, elements, count)) is not { } place) return;
        foreach (var use in place.Uses)
        {
            update.Writer.Count(use.Slots.Length, patches.Add(use, elements, out var lost) * use.Parameter.Bound.Held.element_size());
            update.Writer.CountLost(use, lost);
        }
        GC.KeepAlive(given);
    }

    /// <exception cref="ArgumentException">The indices are no whole numbers, or their number is not that of the values.</exception>
    public static void Check(TensorPatch given)
    {
        var (indices, values) = (given.Indices, given.Values);
        if (indices.dim() != 1 || !IsWhole(indices.dtype)) throw new ArgumentException($"Indices are whole numbers [count], not {indices.dtype} {Shapes.Text(indices.shape)}.", nameof(indices));
        if (values.dim() != 1 || values.numel() != indices.numel()) throw new ArgumentException($"There are {indices.numel()} indices, but the values are {Shapes.Text(values.shape)}.", nameof(values));
    }

    private static bool IsWhole(torch.ScalarType type) => type is torch.ScalarType.Int64 or torch.ScalarType.Int32 or torch.ScalarType.Int16 or torch.ScalarType.Int8 or torch.ScalarType.Byte;

    /// <summary>The values in order and near; null where they are.</summary>
    private static torch.Tensor? Plain(torch.Tensor values)
    {
        if (values.device_type == DeviceType.CPU && values.is_contiguous() && !values.is_neg() && !values.is_conj() && !values.requires_grad) return null;
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return values.detach().cpu().contiguous().resolve_neg().resolve_conj().MoveToOuterDisposeScope();
    }

    private static GivenElements Elements(TensorPatch given, torch.Tensor values)
    {
        var indices = given.Indices;
        if (TensorAddress.Reach(indices) is not 0 and var address)
        {
            if (indices.dtype == torch.ScalarType.Int64) return ElementReader.Of<long>(address, given.Encoding, values);
            if (indices.dtype == torch.ScalarType.Int32) return ElementReader.Of<int>(address, given.Encoding, values);
        }
        using var scope = torch.NewDisposeScope();
        var plain = indices.cpu().to_type(torch.ScalarType.Int64).contiguous();
        return ElementReader.Of<long>(TensorAddress.Reach(plain), given.Encoding, values);
    }
}
