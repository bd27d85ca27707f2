using Lanyard.Testing.Tests.Mistakes;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests;

/// <summary>What shapes and bits do not tell is told by the outputs of a reference.</summary>
public sealed class OutputsTests : IDisposable
{
    private readonly Shelf _shelf = new();

    public void Dispose() => _shelf.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gate_and_up_exchanged_are_seen_by_outputs_alone(bool exchanged)
    {
        using var scope = NewDisposeScope();
        Tensor gate = _shelf.Random(6, 5), up = _shelf.Random(6, 5), hidden = _shelf.Random(7, 5);
        var path = _shelf.Stored(("gate_proj.weight", gate), ("up_proj.weight", up));
        var expected = _shelf.Stored(("hidden", hidden), ("output", functional.silu(hidden.mm(gate.t())).mul(hidden.mm(up.t()))));

        // Loads, exports and merges tell nothing of it.
        ModelTest.Check(topology => new GateAndUp(exchanged, topology), path);

        using var model = new GateAndUp(exchanged);
        using (var checkpoint = Checkpoints.Checkpoint.Open(path)) LoadPlan.Create(model, checkpoint).Execute();
        if (!exchanged)
        {
            Assert.InRange(Run()["output"], 0, 1e-5);
            return;
        }
        var found = Assert.Single(Assert.Throws<ModelTestException>(Run).Problems);
        Assert.Equal((ModelTestCheck.Outputs, "output"), (found.Check, found.Name));

        IReadOnlyDictionary<string, double> Run() => ModelTest.Outputs(expected, tensors => [("output", model.forward(tensors["hidden"]))]);
    }

    [Fact]
    public void An_output_of_another_shape_or_name_or_without_numbers_is_refused()
    {
        var expected = _shelf.Stored(("x", ones(2, 3)), ("y", ones(4)), ("n", ones(2)));
        var problems = Assert.Throws<ModelTestException>(() => ModelTest.Outputs(expected, _ => [("x", ones(3, 2)), ("z", ones(1)), ("n", Numbers.Full([2], double.NaN)), ("y", ones(4))])).Problems;
        Assert.Equal(["x", "z", "n"], problems.Select(problem => problem.Name));
        Assert.Contains("expected [2, 3], found [3, 2]", problems[0].Detail, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ModelTest.Outputs(expected, _ => []));
    }

    [Fact]
    public void The_place_of_the_largest_difference_is_told()
    {
        var (wanted, found) = (zeros(2, 3), zeros(2, 3));
        found[1, 2] = 0.5f;
        var expected = _shelf.Stored(("x", wanted));
        Assert.Contains("most at [1, 2], expected 0, found 0.5", Assert.Throws<ModelTestException>(() => ModelTest.Outputs(expected, _ => [("x", found.clone())])).Message, StringComparison.Ordinal);
        Assert.Equal(0.5, ModelTest.Outputs(expected, _ => [("x", found)], tolerance: 0.6)["x"]);
    }
}
