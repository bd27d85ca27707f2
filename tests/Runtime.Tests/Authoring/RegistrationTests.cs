using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Authoring;

/// <summary>What generated code registers, and under which names.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void Parameters_have_the_names_of_checkpoints()
    {
        using var module = new Projection();
        Assert.Equal(["by_hand", "w13_weight", "bias", "order"], module.named_parameters().Select(item => item.name));
        Assert.Equal(["by_hand", "w13_weight", "bias", "order", "sin"], module.state_dict().Keys);
        Assert.Equal(ScalarType.Int32, module.ReadOrder().dtype);
    }

    [Fact]
    public void Children_have_the_names_of_their_properties()
    {
        using var module = new Stack();
        Assert.Equal(["first_one", "blocks", "extra_0", "extra_2", "plain"], module.named_children().Select(item => item.name));
        Assert.Equal(
            ["self.first.", "blocks.0.", "blocks.1.", "extra.0.", "extra.2."],
            module.AllParameters().Select(item => item.Name[..(item.Name.LastIndexOf('.') + 1)]).Distinct());
        Assert.Contains("blocks.1.w13_weight", module.state_dict().Keys);
    }

    [Fact]
    public void A_parent_by_reflection_finds_them_too()
    {
        using var parent = new Parent();
        Assert.Contains("_stack.blocks.0.w13_weight", parent.state_dict().Keys);
        Assert.Equal(parent.state_dict().Count, parent.state_dict().Keys.Distinct().Count());
    }

    [Fact]
    public void Registering_again_changes_nothing()
    {
        using var module = new Stack();
        var before = module.named_modules().ToArray();
        Again(module);
        Assert.Equal(before, module.named_modules());
    }

    [Fact]
    public void Children_that_come_later_or_are_replaced_are_registered()
    {
        using var module = new Stack();
        using var old = module.FirstOne;
        module.FirstOne = new Projection();
        module.Later = new Projection();
        module.Blocks.Add(new Projection());
        module.Extra.Add(new Projection());
        Again(module);
        Assert.Same(module.FirstOne, module.named_children().Single(item => item.name == "first_one").module);
        Assert.Contains("later.w13_weight", module.state_dict().Keys);
        Assert.Contains("blocks.2.w13_weight", module.state_dict().Keys);
        Assert.Contains("extra_3.w13_weight", module.state_dict().Keys);

        using var dropped = module.Later;
        using var last = module.Extra[3];
        module.Later = null;
        module.Extra.RemoveAt(3);
        Again(module);
        Assert.DoesNotContain(module.state_dict().Keys, name => name.StartsWith("later", StringComparison.Ordinal) || name.StartsWith("extra_3", StringComparison.Ordinal));
    }

    [Fact]
    public void A_taken_name_throws_and_changes_nothing()
    {
        using var module = new Projection();
        using var other = new Parameter(zeros(1), requires_grad: false);
        var before = module.W13Weight;
        Assert.Throws<InvalidOperationException>(() => module.register_parameter("w13_weight", other));
        Assert.Same(before, module.W13Weight);
        Assert.Same(before, module.get_parameter("w13_weight"));
    }

    [Fact]
    public void A_dispose_scope_around_a_constructor_does_not_take_the_parameters()
    {
        Projection module;
        using (NewDisposeScope()) module = new Projection();
        using (module) Assert.Equal(24, module.W13Weight.numel());
    }

    // A move registers first; nothing here changes by it.
    private static void Again(Stack module) => module.to(ScalarType.Float32);
}
