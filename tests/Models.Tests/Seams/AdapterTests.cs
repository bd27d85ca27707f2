using Lanyard.Models.Layers;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Seams;

/// <summary>A term beside a product, and that it is never passed by.</summary>
public sealed class AdapterTests
{
    [Fact]
    public void What_an_adapter_gives_is_added_and_without_one_the_product_is_that_of_functional_linear()
    {
        using var _ = no_grad();
        using var layer = Layer();
        using Tensor input = randn(2, 3), expected = nn.functional.linear(input, layer.Weight), plain = layer.call(input);
        Assert.True(plain.Equals(expected));
        layer.Parameters.Weight.Adapter = new Given(() => ones(2, 4));
        using var adapted = layer.call(input);
        Assert.InRange(ExpectedOutputs.LargestDifference(adapted, expected.Plus(1)), 0, 1e-6);
        layer.Parameters.Weight.Adapter = null;
        using var again = layer.call(input);
        Assert.True(again.Equals(expected));
    }

    [Fact]
    public void Terms_of_another_shape_or_type_are_refused()
    {
        using var layer = Layer();
        using var input = randn(2, 3);
        layer.Parameters.Weight.Adapter = new Given(() => ones(4));
        Assert.Contains("Float32 [4], and the product is Float32 [2, 4]", Assert.Throws<InvalidOperationException>(() => layer.call(input)).Message, StringComparison.Ordinal);
        layer.Parameters.Weight.Adapter = new Given(() => ones([2, 4], ScalarType.Float64));
        Assert.Contains("Float64", Assert.Throws<InvalidOperationException>(() => layer.call(input)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_product_with_the_property_would_be_without_the_adapter_and_throws()
    {
        using var layer = Layer();
        layer.Parameters.Weight.Adapter = new Given(() => ones(2, 4));
        Assert.Contains("Parameters.Weight.Linear(input)", Assert.Throws<ModelStateException>(() => layer.Weight).Message, StringComparison.Ordinal);
        Assert.Equal([4, 3], layer.Parameters.Weight.Value.shape);
    }

    [Fact]
    public void A_class_that_does_not_multiply_so_takes_none()
    {
        using var experts = new RoutedExperts(2, 3, 4);
        Assert.Contains("does not multiply by Parameters.W13Weight.Linear(input)", Assert.Throws<InvalidOperationException>(() => experts.Parameters.W13Weight.Adapter = new Given(() => ones(1))).Message, StringComparison.Ordinal);
        using var without = Layer();
        Assert.Contains("takes no adapter", Assert.Throws<InvalidOperationException>(() => without.Parameters.Bias.Adapter = new Given(() => ones(1))).Message, StringComparison.Ordinal);
    }

    private static ReplicatedLinear Layer()
    {
        var layer = new ReplicatedLinear(3, 4).InitialisedByHand();
        using var _ = no_grad();
        nn.init.normal_(layer.Weight);
        return layer;
    }

    private sealed class Given(Func<Tensor> term) : IProductAdapter
    {
        public Tensor Apply(Tensor input) => term();
    }
}
