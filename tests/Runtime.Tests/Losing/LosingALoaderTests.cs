using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CSharp.RuntimeBinder;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>What the runtime does about code that the rules would refuse, or that no rule sees. The rows of docs/losing-a-loader.md name these tests.</summary>
public sealed class LosingALoaderTests : IDisposable
{
    private readonly Loose _module = new();

    public LosingALoaderTests() => Refit(1);

    public void Dispose() => _module.Dispose();

    [Fact]
    public void An_assignment_by_any_method_is_refused()
    {
        Assert.Contains("[PostLoad]", Assert.Throws<ModelStateException>(() => _module.Assign(New(9))).Message, StringComparison.Ordinal);
        Holds(1);
    }

    [Fact]
    public void Parameters_that_are_created_again_are_refused_and_nothing_is_changed()
    {
        Assert.Throws<ModelStateException>(() => _module.CreateAgain(new Topology(1, 2)));
        Assert.Equal(Topology.Single, _module.Parameters.Topology);
        Holds(1);
        Refit(2);
        Holds(2);
    }

    [Fact]
    public void An_assignment_by_reflection_on_the_property_is_refused()
    {
        var property = typeof(Loose).GetProperty(nameof(Loose.Bias))!;
        var error = Assert.Throws<TargetInvocationException>(() => property.SetValue(_module, New(9)));
        Assert.IsType<ModelStateException>(error.InnerException);
        Holds(1);
    }

    [Fact]
    public void A_dynamic_assignment_does_not_find_the_setter()
    {
        dynamic module = _module;
        Assert.Throws<RuntimeBinderException>(() => module.Bias = New(9));
        Holds(1);
    }

    [Fact]
    public void An_assignment_that_post_load_hides_is_refused()
    {
        _module.Hidden = () => _module.Assign(New(9));
        Assert.Contains("Double", Assert.Throws<ModelStateException>(() => Refit(2)).Message, StringComparison.Ordinal);
        Holds(1);
    }

    [Fact]
    public void A_value_that_is_null_is_refused() => Assert.Throws<ArgumentNullException>(() => _module.Assign(null!));

    [Fact]
    public void A_constructor_s_value_of_another_shape_is_refused() => Assert.Throws<ArgumentException>(() => new Loose(new Parameter(zeros(5), requires_grad: false)));

    [Fact]
    public void A_constructor_s_value_that_is_not_contiguous_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Loose(new Parameter(zeros(4, 2).select(1, 0), requires_grad: false)));

    [Fact]
    public void A_parameter_that_no_constructor_made_is_not_read()
    {
        using var module = new Loose(creates: false);
        Assert.Contains("LoadPlan.Create(model, checkpoint).Execute()", Assert.Throws<ModelStateException>(() => module.Bias).Message, StringComparison.Ordinal);
        Assert.Throws<ModelStateException>(() => module.Parameters.Bias.Value);
        var raw = (Loose)RuntimeHelpers.GetUninitializedObject(typeof(Loose));
        GC.SuppressFinalize(raw);
        Assert.ThrowsAny<Exception>(() => raw.Bias);
    }

    [Fact]
    public void A_second_parameter_of_the_name_is_refused_by_the_registry() =>
        Assert.Throws<InvalidOperationException>(() => _module.register_parameter("bias", New(9)));

    [Fact]
    public void A_module_made_in_a_dispose_scope_keeps_its_parameters()
    {
        Loose module;
        using (NewDisposeScope()) module = new Loose();
        using (module.InitialisedByHand()) Assert.Equal(4, module.Bias.shape[0]);
    }

    [Fact]
    public void A_conversion_keeps_the_loader()
    {
        _module.to(ScalarType.Float64);
        Refit(3);
        Holds(3);
    }

    [Fact]
    public void A_write_in_place_is_gone_after_the_next_refit()
    {
        using (no_grad())
        {
            foreach (var parameter in _module.parameters()) parameter.mul_(10);
        }
        Assert.Equal(10, _module.Bias[0].ToSingle());
        Refit(2);
        Holds(2);
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void Nothing_keeps_the_registry_from_being_overwritten_until_a_refit(RefitMode mode)
    {
        _module.Register(New(9));
        Assert.Equal((9, 1), (_module.get_parameter("bias")![0].ToSingle(), _module.Bias[0].ToSingle()));
        Refit(2, mode);
        Holds(2);
        Assert.Equal(2, _module.get_parameter("bias")![0].ToSingle());
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void Nothing_keeps_the_field_from_being_overwritten_until_a_refit(RefitMode mode)
    {
        typeof(Loose).GetField("<Bias>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(_module, New(9));
        Assert.Equal((9, 1), (_module.Bias[0].ToSingle(), _module.Parameters.Bias.Value[0].ToSingle()));
        Refit(2, mode);
        Assert.Equal((2, 2), (_module.Bias[0].ToSingle(), _module.Parameters.Bias.Value[0].ToSingle()));
    }

    [Fact]
    public void Nothing_tells_automatic_differentiation_of_a_refit()
    {
        using var input = ones(4, requires_grad: true);
        using var loss = (input * _module.Bias).sum();
        Refit(2);
        loss.backward();
        Assert.Equal(2, input.grad![0].ToSingle());
    }

    [Fact]
    public void Nothing_keeps_a_clone_from_sharing_tensors()
    {
        var clone = (Loose)_module.Clone();
        GC.SuppressFinalize(clone);
        Refit(2);
        Assert.Same(_module.Bias, clone.Bias);
    }

    private static Parameter New(float value) => new(full(4, value), requires_grad: false);

    private void Refit(float value, RefitMode mode = RefitMode.Staged)
    {
        using var refit = _module.BeginRefit(mode);
        refit.Write("weight", full(4, value, dtype: _module.Parameters.Bias.ModelType));
        refit.Write("bias", full(4, value, dtype: _module.Parameters.Bias.ModelType));
        refit.Commit();
    }

    private void Holds(float value) => Assert.Equal((value * 2, value), (_module.Weight.to_type(ScalarType.Float32)[0].ToSingle(), _module.Bias.to_type(ScalarType.Float32)[0].ToSingle()));
}
