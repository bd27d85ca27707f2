using Lanyard.Tests.Losing;
using Lanyard.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>Tensors in the memory of the model that they are brought to: a refit in place writes there, before they are read, after, or meanwhile.</summary>
public sealed class LiveSourceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TwoHanded _model = new(new Handed(), new Handed());

    public LiveSourceTests() => Refit(_model, RefitMode.Staged, together: false, ("first.weight", arange(12f).view(4, 3)), ("second.weight", arange(12f).view(4, 3) + 100));

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_parameters_do_not_change_places_in_place(bool together)
    {
        var before = Bits.Of(_model);
        var problems = Refused(_model, together, ("first.weight", _model.Second.Weight), ("second.weight", _model.First.Weight));
        Assert.Equal([("first.weight", "memory of second.weight"), ("second.weight", "memory of first.weight")], problems);
        Assert.Equal(before, Bits.Of(_model));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_a_staged_refit_they_do(bool together)
    {
        var (first, second) = (Bits.Of(_model.First.Weight), Bits.Of(_model.Second.Weight));
        Refit(_model, RefitMode.Staged, together, ("first.weight", _model.Second.Weight), ("second.weight", _model.First.Weight));
        Assert.Equal(second, Bits.Of(_model.First.Weight));
        Assert.Equal(first, Bits.Of(_model.Second.Weight));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_a_clone_or_its_own_comes_in_place(bool together)
    {
        var second = Bits.Of(_model.Second.Weight);
        Refit(_model, RefitMode.InPlace, together, ("first.weight", _model.Second.Weight.clone()), ("second.weight", _model.Second.Weight));
        Assert.Equal(second, Bits.Of(_model.First.Weight));
        Assert.Equal(second, Bits.Of(_model.Second.Weight));
    }

    /// <summary>Of any strides, and beginning or ending outside of the parameter.</summary>
    [Theory]
    [InlineData(0, 3, 1, false)]
    [InlineData(1, 3, 1, true)]
    [InlineData(23, 3, 1, true)]
    [InlineData(24, 3, 1, false)]
    [InlineData(0, 1, 3, false)]
    [InlineData(0, 1, 5, true)]
    [InlineData(2, 8, 1, true)]
    [InlineData(2, 8, 0, true)]
    [InlineData(9, 15, 1, false)]
    public void A_view_is_found_by_what_it_reaches(int offset, int row, int column, bool refused)
    {
        var memory = zeros(64);
        using var model = new TwoHanded(new Handed(new Parameter(memory.narrow(0, 12, 12).view(4, 3), requires_grad: false)), new Handed());
        Refit(model, RefitMode.Staged, together: false, ("first.weight", ones(4, 3)), ("second.weight", ones(4, 3)));
        var view = memory.as_strided([4, 3], [row, column], offset);
        if (refused) Assert.Equal([("second.weight", "memory of first.weight")], Refused(model, together: false, ("first.weight", ones(4, 3)), ("second.weight", view)));
        else Refit(model, RefitMode.InPlace, together: false, ("first.weight", ones(4, 3)), ("second.weight", view));
    }

    [Fact]
    public void What_lies_between_its_elements_is_apart()
    {
        var memory = arange(8f);
        using var model = new Halves((_, _) => (memory.as_strided([2], [4], 0), zeros(1)));
        Refit(model, RefitMode.Staged, together: false, ("first", ones(1)), ("second", ones(1)));
        Refit(model, RefitMode.InPlace, together: false, ("first", memory[1..2]), ("second", memory[5..6]));
        Assert.Equal([("second", "memory of first")], Refused(model, together: false, ("first", ones(1)), ("second", memory[4..5])));
    }

    [Fact]
    public void A_part_of_the_parameter_itself_may_be_overwritten_by_the_other_parts()
    {
        var weight = _model.First.Weight;
        using (var refit = _model.First.BeginRefit(RefitMode.InPlace))
        {
            refit.Write("weight", weight.narrow(0, 2, 2), [0, 0]);
            refit.Write("weight", weight.narrow(0, 0, 2), [2, 0]);
            Assert.All(Assert.Throws<LoadException>(refit.Commit).Problems, problem => Assert.Equal((LoadProblemKind.LiveMemory, "memory of weight"), (problem.Kind, problem.Found)));
        }
        using var parted = new PartedLinear();
        Refit(parted, RefitMode.Staged, together: false, ("weight", arange(12f).view(6, 2)));
        Assert.Equal([("weight", "memory of weight")], Refused(parted, together: false, ("weight", parted.Weight.view(6, 2))));
    }

    [Fact]
    public void Padding_that_is_made_zero_first_is_not_read_afterwards()
    {
        using var model = new PaddedRows(new Parameter(ones(4, 8), requires_grad: false));
        Assert.Equal([("weight", "memory of weight")], Refused(model, together: false, ("weight", model.Weight.narrow(0, 0, 3).narrow(1, 0, 5))));
    }

    [Fact]
    public void What_post_load_has_made_is_found_as_well()
    {
        using var model = new Turned();
        Refit(model, RefitMode.Staged, together: false, [.. Turned.Weights(1).Select(item => (item.Key, item.Value))]);
        var live = model.Weight[0];
        Assert.Equal([("bias", "memory of weight")], Refused(model, together: false, ("weight", zeros(3, 2)), ("bias", live)));
    }

    private static void Refit(IParameterModule model, RefitMode mode, bool together, params (string Name, Tensor Tensor)[] tensors)
    {
        using var refit = model.BeginRefit(mode);
        Write(refit, together, tensors);
        refit.Commit();
    }

    private static IEnumerable<(string Tensor, string? Found)> Refused(IParameterModule model, bool together, params (string Name, Tensor Tensor)[] tensors)
    {
        using var refit = model.BeginRefit(RefitMode.InPlace);
        Write(refit, together, tensors);
        var error = Assert.Throws<LoadException>(refit.Commit);
        Assert.All(error.Problems, problem => Assert.Equal(LoadProblemKind.LiveMemory, problem.Kind));
        Assert.Contains("clone()", error.Message, StringComparison.Ordinal);
        return [.. error.Problems.Select(problem => (problem.Tensor, problem.Found))];
    }

    private static void Write(RefitSession refit, bool together, (string Name, Tensor Tensor)[] tensors)
    {
        if (together) refit.Write(tensors.ToDictionary(item => item.Name, item => item.Tensor));
        else foreach (var (name, tensor) in tensors) refit.Write(name, tensor);
    }
}
