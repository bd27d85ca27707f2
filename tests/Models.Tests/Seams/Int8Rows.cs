using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Tests.Seams;

/// <summary>An engine's own quantisation: a byte for each weight, and a scale for each row.</summary>
internal static class Int8Rows
{
    /// <summary>[... rows columns] to codes of the same shape and scales [... rows 1].</summary>
    public static (Parameter Codes, Parameter Scales) Of(Tensor weight)
    {
        using var scope = NewDisposeScope();
        var wide = weight.to(ScalarType.Float32);
        var scales = wide.abs().amax([-1], keepdim: true).Over(127).clamp(Scalars.Tiny);
        var codes = (wide / scales).round().to(ScalarType.Int8);
        return (new Parameter(codes.MoveToOuterDisposeScope(), requires_grad: false), new Parameter(scales.MoveToOuterDisposeScope(), requires_grad: false));
    }

    /// <summary>The product with what the codes stand for.</summary>
    public static Tensor Linear(Tensor input, Tensor codes, Tensor scales) => functional.linear(input, codes.to(input.dtype)) * scales.squeeze(-1).to(input.dtype);

    private static class Scalars
    {
        public static TorchSharp.Scalar Tiny { get; } = 1e-12;
    }
}
