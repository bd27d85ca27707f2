using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>One tensor in two parameters: a load would write both into it.</summary>
public sealed class SharedMemoryTests
{
    [Fact]
    public void A_parameter_of_another_module_is_refused_with_the_way_to_tie()
    {
        using var first = new Handed().InitialisedByHand();
        var error = Assert.Throws<ArgumentException>(() => new Handed(first.Weight));
        Assert.Contains("Handed.Weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("[CheckpointAlias]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_one_of_another_model_and_after_a_load_and_by_its_bound_value()
    {
        using var target = new Handed().InitialisedByHand();
        Load(target, "weight");
        Assert.Throws<ArgumentException>(() => new Handed(target.Parameters.Weight.Value));
        target.to(ScalarType.Float64);
        Assert.Throws<ArgumentException>(() => new Handed(target.Weight));
    }

    [Fact]
    public void An_object_that_a_constructor_brought_has_one_owner()
    {
        using var weight = new Parameter(zeros(4, 3), requires_grad: false);
        using var first = new Handed(weight);
        Assert.Throws<ArgumentException>(() => new Handed(weight));
    }

    [Fact]
    public void An_alias_is_found_when_a_session_begins()
    {
        using var weight = zeros(4, 3);
        var model = new TwoHanded(new Handed(new Parameter(weight.alias(), requires_grad: false)), new Handed(new Parameter(weight.alias(), requires_grad: false)));
        using (model)
        {
            var error = Assert.Throws<ModelStateException>(() => model.BeginRefit());
            Assert.Contains("first.weight and second.weight", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void So_is_one_of_another_model_as_long_as_that_is_alive()
    {
        var target = new Handed().InitialisedByHand();
        Load(target, "weight");
        using (var draft = new Handed(new Parameter(target.Weight.alias(), requires_grad: false)))
            Assert.Contains("of another model, Handed.Weight", Assert.Throws<ModelStateException>(() => draft.BeginRefit()).Message, StringComparison.Ordinal);
        target.Dispose();
        for (var i = 0; i < 100; i++)
        {
            using var next = new Handed();
            Load(next, "weight");
        }
    }

    [Fact]
    public void A_conversion_of_the_other_model_hides_nothing()
    {
        using var target = new TwoHanded(new Handed(), new Handed());
        Load(target, "first.weight", "second.weight");
        target.to(ScalarType.Float64);
        foreach (var weight in new[] { target.First.Weight, target.Second.Weight })
        {
            using var draft = new Handed(new Parameter(weight.alias(), requires_grad: false));
            Assert.Throws<ModelStateException>(() => draft.BeginRefit());
        }
    }

    [Fact]
    public void A_part_of_a_model_is_no_other_model()
    {
        using var model = new TwoHanded(new Handed(), new Handed());
        Load(model, "first.weight", "second.weight");
        Load(model.First, "weight");
        Load(model, "first.weight", "second.weight");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Rows_of_one_tensor_may_be_apart(int from, bool overlap)
    {
        using var rows = zeros(8, 3);
        Handed Of(int row) => new(new Parameter(rows.narrow(0, row, 4), requires_grad: false));
        using var model = new TwoHanded(Of(0), Of(from));
        if (overlap)
        {
            Assert.Throws<ModelStateException>(() => model.BeginRefit());
            return;
        }
        Load(model, "first.weight", "second.weight");
        Assert.Equal(1f, model.First.Weight[3, 2].ToSingle());
        Assert.Equal(2f, model.Second.Weight[0, 0].ToSingle());
    }

    [Fact]
    public void A_value_of_its_own_is_none_of_it()
    {
        using var first = new Handed().InitialisedByHand();
        using var second = new Handed(new Parameter(first.Weight.clone(), requires_grad: false));
        using var model = new TwoHanded(first, second);
        Load(model, "first.weight", "second.weight");
        Assert.Equal(1f, first.Weight[3, 2].ToSingle());
    }

    private static void Load(IParameterModule model, params string[] names)
    {
        using var refit = model.BeginRefit();
        foreach (var (i, name) in names.Index())
        {
            using var value = full(4, 3, i + 1f);
            refit.Write(name, value);
        }
        refit.Commit();
    }
}
