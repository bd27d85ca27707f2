using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Layouts;

/// <summary>Placement from the attribute to the values: a generated module on every rank, loaded and refitted.</summary>
public sealed class PlacedModelTests : IDisposable
{
    private readonly TinyScene _scene = new();
    private readonly Dictionary<string, Tensor> _first = Weights(1);
    private readonly Dictionary<string, Tensor> _second = Weights(1000);

    [Theory]
    [InlineData("linear", 0, "0..1")]
    [InlineData("linear", 2, "4")]
    [InlineData("round robin", 0, "0 3")]
    [InlineData("round robin", 2, "2")]
    [InlineData("listed", 0, "4 0")]
    [InlineData("listed", 2, "2..4")]
    public void Experts_lie_where_the_topology_says(string rule, int rank, string experts)
    {
        var placement = rule switch
        {
            "linear" => ExpertPlacement.Linear,
            "round robin" => ExpertPlacement.RoundRobin,
            _ => ExpertPlacement.Listed([[4, 0], [1], [2, 3, 4]]),
        };
        Holds(new Topology(0, 1, rank, 3) { ExpertPlacement = placement }, model => model.Scales,
            weights => cat([.. AxisText.Numbers(experts).Select(expert => weights[$"experts.{expert}.scale"].unsqueeze(0))]));
    }

    [Theory]
    [InlineData(0, 1, 10, 12)]
    [InlineData(0, 2, 6, 6)]
    [InlineData(1, 2, 4, 6)]
    [InlineData(3, 4, 1, 3)]
    public void A_vocabulary_is_rounded_up_before_it_is_divided(int rank, int ranks, int rows, int positions) =>
        Holds(new Topology(rank, ranks), model => model.Embedding,
            weights => cat([weights["embed.weight"].narrow(0, rank * positions, rows), zeros(positions - rows, 3)]));

    public void Dispose()
    {
        _scene.Dispose();
        foreach (var tensor in _first.Values.Concat(_second.Values)) tensor.Dispose();
    }

    private void Holds(Topology topology, Func<PlacedModel, Tensor> held, Func<Dictionary<string, Tensor>, Tensor> expected)
    {
        using var scope = NewDisposeScope();
        using var model = new PlacedModel(topology);
        _scene.Load(_first, model);
        Assert.Equal(expected(_first).data<float>().ToArray(), held(model).data<float>().ToArray());
        foreach (var mode in (RefitMode[])[RefitMode.Staged, RefitMode.InPlace])
        {
            var next = mode == RefitMode.Staged ? _second : _first;
            using var refit = model.BeginRefit(mode);
            foreach (var (name, value) in next) refit.Write(name, value);
            refit.Commit();
            Assert.Equal(expected(next).data<float>().ToArray(), held(model).data<float>().ToArray());
        }
    }

    private static Dictionary<string, Tensor> Weights(int from)
    {
        var weights = new Dictionary<string, Tensor> { ["embed.weight"] = arange(from, from + 30, ScalarType.Float32).reshape(10, 3) };
        for (var expert = 0; expert < 5; expert++)
            weights[$"experts.{expert}.scale"] = arange(from + 100 + (expert * 3), from + 103 + (expert * 3), ScalarType.Float32);
        return weights;
    }
}
