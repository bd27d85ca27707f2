using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>How long the step of a recurrent state is: positive, whatever the number is.</summary>
internal static class StepSizes
{
    /// <summary>ln(1 + e^x), without the power of large numbers. TorchSharp's own has numbers that may be freed while it runs.</summary>
    public static Tensor Softplus(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.relu().Plus(x.abs().neg().exp().log1p()).MoveToOuterDisposeScope();
    }
}
