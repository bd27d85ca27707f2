using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Authoring;

/// <summary>How long a parameter lives, and that nothing but a conversion replaces its object.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public void A_write_in_place_changes_values_and_nothing_else()
    {
        using var module = new Projection();
        var (parameter, entry, layout) = (module.W13Weight, module.Parameters.W13Weight, module.Parameters.W13Weight.Layout);
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            foreach (var (_, value) in module.state_dict()) value.fill_(5);
        }
        Assert.Same(parameter, module.W13Weight);
        Assert.Same(parameter, module.get_parameter("w13_weight"));
        Assert.Same(entry, module.Parameters.W13Weight);
        Assert.Same(parameter, entry.Value);
        Assert.Equal(layout, entry.Layout);
        Assert.All(parameter.data<float>().ToArray(), value => Assert.Equal(5, value));
    }

    [Fact]
    public void A_disposed_model_frees_the_parameters_of_all_children()
    {
        Parameter[] parameters;
        using (var parent = new Parent())
        {
            parameters = [.. parent.parameters(), parent.Stack.FirstOne.ReadOrder()];
            Assert.DoesNotContain(parameters, parameter => parameter.IsInvalid);
        }
        Assert.True(parameters.Length > 12);
        Assert.All(parameters, parameter => Assert.True(parameter.IsInvalid));
    }

    [Fact]
    public void A_conversion_frees_what_it_replaces_and_keeps_what_fits()
    {
        using var module = new Projection();
        Tensor[] before = [module.W13Weight, module.Bias, module.get_parameter("by_hand")!, module.Cos, module.Sin];
        module.to(ScalarType.BFloat16);
        Assert.All(before, tensor => Assert.True(tensor.IsInvalid));

        Tensor[] after = [module.W13Weight, module.Bias, module.get_parameter("by_hand")!, module.Cos, module.Sin];
        Assert.DoesNotContain(after, tensor => tensor.IsInvalid);
        module.to(ScalarType.BFloat16);
        Assert.All(
            after.Zip([module.W13Weight, module.Bias, module.get_parameter("by_hand")!, module.Cos, module.Sin]),
            pair => Assert.Same(pair.First, pair.Second));
    }

    [Fact]
    public void A_dispose_scope_around_a_conversion_does_not_take_the_parameters()
    {
        using var parent = new Parent();
        using (NewDisposeScope()) parent.to(ScalarType.BFloat16);
        Assert.DoesNotContain(parent.parameters(), parameter => parameter.IsInvalid);
        Assert.Equal(24, parent.Stack.Blocks[1].W13Weight.numel());
        Assert.Equal(6, parent.Stack.Blocks[1].Cos.numel());
    }
}
