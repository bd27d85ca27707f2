using static TorchSharp.torch;

namespace Lanyard.Lora;

/// <summary>What stands beside one parameter: the adapters of all checkpoint tensors that fill it, as query, key and value of one projection.</summary>
/// <param name="bound">The parameter.</param>
/// <param name="parts">The places of the tensors in it.</param>
/// <param name="scale">What products of factors are multiplied with.</param>
internal sealed class ParameterAdapter(BoundParameter bound, IReadOnlyList<AdaptedPart> parts, double scale) : IProductAdapter, IDisposable
{
    public BoundParameter Bound => bound;

    public Tensor Apply(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor? sum = null;
        foreach (var part in parts) sum = part.Add(input, sum, bound.ModelShape[0], scale);
        return sum!.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var part in parts) part.Dispose();
    }
}
