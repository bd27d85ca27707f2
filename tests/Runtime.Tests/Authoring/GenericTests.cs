using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Authoring;

/// <summary>Generic and nested classes, and parameters that only some instances have, at run time.</summary>
public sealed class GenericTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_instance_has_the_parameters_that_its_condition_says(bool hasScale)
    {
        using var module = new Pair<Projection>(new Projection(), hasScale).InitialisedByHand();
        Assert.Equal(hasScale, module.Scale is not null);
        Assert.Equal(hasScale, module.Parameters.Scale.IsPresent);
        Assert.Equal(hasScale, module.state_dict().ContainsKey("scale"));
        Assert.Equal(hasScale, module.AllParameters().Any(item => item.Name == "scale"));
        module.half();
        Assert.Equal(hasScale ? ScalarType.Float16 : null, module.Scale?.dtype);
        Assert.Same(module.Scale, hasScale ? module.Parameters.Scale.Value : null);
    }

    [Fact]
    public void An_absent_parameter_cannot_be_given()
    {
        using var module = new Pair<Projection>(new Projection(), hasScale: false).InitialisedByHand();
        using var scale = new Parameter(zeros(3), requires_grad: false);
        Assert.Throws<ArgumentException>(() => module.Give(scale));
        Assert.Null(module.Scale);
        Assert.DoesNotContain("scale", module.state_dict().Keys);
    }

    [Fact]
    public void Children_of_a_type_parameter_and_of_a_nested_class_have_their_names()
    {
        using var module = new Pair<Projection>(new Projection(), hasScale: true).InitialisedByHand();
        Assert.Equal(["first", "second"], module.named_children().Select(item => item.name));
        Assert.Equal(
            ["scale", "first.by_hand", "first.w13_weight", "first.bias", "first.order", "second.w"],
            module.named_parameters().Select(item => item.name));
        module.to(ScalarType.BFloat16);
        Assert.Same(module.Second.W, module.get_parameter("second.w"));
        Assert.Equal(ScalarType.BFloat16, module.First.W13Weight.dtype);
        Assert.Equal(ScalarType.BFloat16, module.Second.W.dtype);
    }

    [Fact]
    public void A_map_belongs_to_each_construction_of_a_class()
    {
        Assert.Equal(["scale"], Pair<Projection>.Map.Module.Parameters.Select(entry => entry.Name));
        Assert.NotSame(Pair<Projection>.Map.Module, Pair<Stack>.Map.Module);
        Assert.Equal(["w"], Pair<Stack>.Inner.Map.Module.Parameters.Select(entry => entry.Name));
    }
}
