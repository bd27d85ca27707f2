using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Export;

/// <summary>What a rank holds in any order, with padding or in a declared kernel layout, is written in the order of the checkpoint and without it.</summary>
public sealed class PlacedExportTests : IDisposable
{
    private readonly ExportScene _scene = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Dictionary<string, Tensor> _weights = new()
    {
        ["experts"] = torch.randn(3, 5),
        ["embed"] = torch.randn(10, 3),
        ["head"] = torch.randn(10, 3),
    };

    public void Dispose()
    {
        foreach (var weight in _weights.Values) weight.Dispose();
        _scope.Dispose();
        _scene.Dispose();
    }

    [Theory]
    [InlineData(1, 1, "linear")]
    [InlineData(2, 1, "linear")]
    [InlineData(6, 1, "linear")]
    [InlineData(12, 1, "linear")]
    [InlineData(1, 3, "linear")]
    [InlineData(1, 3, "round robin")]
    [InlineData(1, 2, "round robin")]
    [InlineData(1, 3, "4 0,1,2 3")]
    [InlineData(1, 3, "3 1 4,4 0,0 2")]
    [InlineData(1, 1, "3 1 4 0 2")]
    [InlineData(4, 2, "4 2 0,1 3 0")]
    public void Ranks_merge_to_the_whole_however_their_indices_lie(int tensor, int expert, string rule)
    {
        foreach (var format in new[] { null, "per-expert" })
        {
            var ranks = new List<string>();
            for (var rank = 0; rank < tensor * expert; rank++)
            {
                using var model = new PlacedLayer(new Topology(rank % tensor, tensor, rank / tensor, expert) { ExpertPlacement = Placement(rule) });
                _scene.Tiny.Load(_weights, model);
                ranks.Add(_scene.At($"{format}-{rank}"));
                Assert.Empty(model.Export(ranks[^1], new ExportOptions { Format = format }).Lossy);
            }
            var whole = _scene.At($"{format}-whole");
            CheckpointMerge.Merge(ranks, whole);
            Assert.Equal(ExportScene.Stored(format is null ? _weights : PerExpert()), ExportScene.Stored(whole));
        }
    }

    [Fact]
    public void A_slice_is_in_ascending_order_and_has_no_padding()
    {
        using var model = new PlacedLayer(new Topology(3, 4, 0, 2) { ExpertPlacement = Placement("4 2 0,1 3") });
        _scene.Tiny.Load(_weights, model);
        Assert.Equal([3L, 8], model.Head.shape);
        model.Export(_scene.At("out"));
        using var checkpoint = Checkpoint.Open(_scene.At("out"));
        using Tensor experts = checkpoint.View(checkpoint.Tensors["experts"]), embed = checkpoint.View(checkpoint.Tensors["embed"]), head = checkpoint.View(checkpoint.Tensors["head"]);
        Assert.True(experts.Equals(_weights["experts"].index_select(1, torch.tensor([0L, 2, 4]))));
        Assert.True(embed.Equals(_weights["embed"][9..10]));
        Assert.True(head.Equals(_weights["head"][9..10]));
        Assert.Contains("\"experts\":[5,[0,3,2]]", checkpoint.Metadata["lanyard.slices"], StringComparison.Ordinal);
        Assert.Contains("\"vocab\":[10,[9,1]]", checkpoint.Metadata["lanyard.slices"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_rank_of_a_round_robin_is_named_by_its_experts()
    {
        var ranks = new List<string>();
        for (var rank = 0; rank < 3; rank++)
        {
            using var model = new PlacedLayer(new Topology(0, 1, rank, 3) { ExpertPlacement = ExpertPlacement.RoundRobin });
            _scene.Tiny.Load(_weights, model);
            ranks.Add(_scene.At($"{rank}"));
            model.Export(ranks[^1]);
        }
        var problem = Assert.Single(Assert.Throws<ExportException>(() => CheckpointMerge.Merge([ranks[0], ranks[2]], _scene.At("whole"))).Problems);
        Assert.Equal("no given rank has 6 of 15 elements (experts 1, 4 of 5)", problem.Detail);
    }

    private static ExpertPlacement Placement(string rule) => rule switch
    {
        "linear" => ExpertPlacement.Linear,
        "round robin" => ExpertPlacement.RoundRobin,
        _ => ExpertPlacement.Listed([.. rule.Split(',').Select(rank => rank.Split(' ').Select(long.Parse)).Select(rank => System.Collections.Immutable.ImmutableArray.CreateRange(rank))]),
    };

    private Dictionary<string, Tensor> PerExpert()
    {
        var all = _weights.Where(pair => pair.Key != "experts").ToDictionary();
        for (var expert = 0; expert < 5; expert++) all.Add($"experts.{expert - 1}", _weights["experts"].select(1, expert));
        return all;
    }
}
