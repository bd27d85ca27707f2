using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.PostLoads;

/// <summary>FP8 E4M3, which TorchSharp passes on to libtorch by number.</summary>
internal static class Float8
{
    public const ScalarType E4M3 = (ScalarType)24;

    /// <summary>The largest finite E4M3 value.</summary>
    public const float Max = 448f;

    public static Parameter Frozen(Tensor value) => new(value, requires_grad: false);
}
