using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Testing.Weights;

/// <summary>The bits of every parameter of a model at one moment, and where they lie.</summary>
internal sealed class LiveBits
{
    private readonly List<(string Name, string Form, nint Address, byte[] Bits)> _values;

    private LiveBits(List<(string, string, nint, byte[])> values) => _values = values;

    public static LiveBits Of(MadeModel model) => new([.. model.Parameters.Select(item => Of(item.Name, item.Parameter.Value))]);

    /// <summary>The parameters that have other bits, or lie elsewhere.</summary>
    /// <param name="now">What is there now: of the same model, or of one that is made in the same way.</param>
    /// <param name="isSame">Whether it is the same model, so that addresses are compared, too.</param>
    /// <param name="mayDiffer">The parameters that are not compared; null for none.</param>
    public IEnumerable<(string Name, string Detail)> Differences(LiveBits now, bool isSame, IReadOnlySet<string>? mayDiffer = null)
    {
        foreach (var (before, after) in _values.Zip(now._values))
        {
            if (isSame && before.Address != after.Address) yield return (before.Name, "lies elsewhere in memory than before");
            if (mayDiffer?.Contains(before.Name) is true) continue;
            if (before.Form != after.Form) yield return (before.Name, $"is {after.Form}, and was {before.Form}");
            else if (!before.Bits.AsSpan().SequenceEqual(after.Bits)) yield return (before.Name, "has other bits");
        }
    }

    private static (string, string, nint, byte[]) Of(string name, Tensor value)
    {
        using var here = value.device_type == DeviceType.CPU ? value.alias() : value.cpu();
        using var contiguous = here.contiguous();
        var address = value.device_type == DeviceType.CPU && value.numel() > 0 ? TensorAddress.Of(value) : 0;
        return (name, $"{value.dtype} [{string.Join(", ", value.shape)}]", address, value.numel() == 0 ? [] : contiguous.bytes.ToArray());
    }
}
