using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Export;

/// <summary>What the ranks export, put together, is the whole.</summary>
public sealed class MergeTests : IDisposable
{
    private readonly ExportScene _scene = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    /// <summary>Heads 4, key and value heads 2, so that four ranks share them; experts 3, uneven over two ranks, and none for the last of four.</summary>
    [Theory]
    [InlineData(2, 1, null)]
    [InlineData(4, 1, null)]
    [InlineData(1, 2, null)]
    [InlineData(1, 3, null)]
    [InlineData(1, 4, null)]
    [InlineData(2, 2, null)]
    [InlineData(4, 3, null)]
    [InlineData(2, 1, "per-expert")]
    [InlineData(1, 2, "per-expert")]
    [InlineData(1, 4, "per-expert")]
    [InlineData(4, 3, "per-expert")]
    public void Ranks_of_every_topology_merge_to_the_bits_of_the_whole(int tensor, int expert, string? format)
    {
        var ranks = Export(tensor, expert, new ExportOptions { Format = format });

        var report = CheckpointMerge.Merge([.. ranks.AsEnumerable().Reverse()], _scene.At("whole"));

        var expected = ExportScene.Stored(format is null ? _scene.Tiny.Second : TinyWeights.PerExpert(_scene.Tiny.Second));
        Assert.Equal(expected, ExportScene.Stored(_scene.At("whole")));
        Assert.Equal((expected.Count, expected.Values.Sum(stored => stored.Bits.Length / 2L)), (report.Tensors, report.Bytes));
        using var whole = Checkpoint.Open(_scene.At("whole"));
        Assert.Equal([KeyValuePair.Create("format", "pt")], whole.Metadata);
    }

    [Fact]
    public void A_slice_is_a_dense_array_with_its_place_in_the_metadata()
    {
        var ranks = Export(4, 2);
        using var checkpoint = Checkpoint.Open(ranks[7]);
        using var k = checkpoint.View(checkpoint.Tensors["layers.1.self_attn.k_proj.weight"]);
        Assert.True(k.Equals(_scene.Tiny.Second["layers.1.self_attn.k_proj.weight"][6..12]));
        using var gateUp = checkpoint.View(checkpoint.Tensors["layers.0.mlp.experts.gate_up_proj"]);
        var whole = _scene.Tiny.Second["layers.0.mlp.experts.gate_up_proj"][2..3];
        Assert.True(gateUp.Equals(cat([whole[.., .., 9..12], whole[.., .., 21..24]], -1)));

        var slices = checkpoint.Metadata["lanyard.slices"];
        Assert.Contains(
            """
            "layers.0.self_attn.k_proj.weight":{"pattern":"(kv_heads head_dim) hidden","axes":{"kv_heads":[2,[1,1]],"head_dim":[6],"hidden":[10]}}
            """.Trim(),
            slices,
            StringComparison.Ordinal);
        Assert.DoesNotContain("norm.weight", slices, StringComparison.Ordinal);
    }

    [Fact]
    public void One_process_that_holds_everything_says_nothing_of_slices()
    {
        _scene.Export();
        using var checkpoint = Checkpoint.Open(_scene.At("out"));
        Assert.Equal([KeyValuePair.Create("format", "pt")], checkpoint.Metadata);
        CheckpointMerge.Merge([_scene.At("out")], _scene.At("whole"));
        Assert.Equal(ExportScene.Stored(_scene.At("out")), ExportScene.Stored(_scene.At("whole")));
    }

    [Fact]
    public void A_missing_tensor_rank_is_named_by_what_lacks()
    {
        var ranks = Export(4, 1);
        var error = Assert.Throws<ExportException>(() => CheckpointMerge.Merge([ranks[0], ranks[1], ranks[2]], _scene.At("whole")));

        // Key and value heads are complete: rank 2 has what rank 3 has.
        Assert.Equal(
            ["experts.down_proj", "experts.gate_up_proj", "o_proj.weight", "q_proj.weight"],
            error.Problems.Where(problem => problem.Name.StartsWith("layers.1.", StringComparison.Ordinal)).Select(problem => problem.Name.Split('.', 4)[3]).Order());
        Assert.All(error.Problems, problem => Assert.Equal(ExportProblemKind.Missing, problem.Kind));
        Assert.Contains("layers.{0,1}.self_attn.q_proj.weight: no given rank has 60 of 240 elements (heads 3 of 4)", error.Message, StringComparison.Ordinal);
        Assert.Contains("no given rank has 180 of 720 elements (intermediate 9..11 of 12)", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_scene.At("whole")));
    }

    [Fact]
    public void A_missing_corner_of_two_shardings_is_found()
    {
        var ranks = Export(2, 2);
        var error = Assert.Throws<ExportException>(() => CheckpointMerge.Merge([ranks[0], ranks[1], ranks[2]], _scene.At("whole")));
        Assert.Equal(["layers.0.mlp.experts.down_proj", "layers.0.mlp.experts.gate_up_proj", "layers.1.mlp.experts.down_proj", "layers.1.mlp.experts.gate_up_proj"], error.Problems.Select(problem => problem.Name).Order());
    }

    [Fact]
    public void A_gap_is_found_though_there_are_elements_enough()
    {
        var (halves, quarters) = (Export(2, 1), Export(4, 1));
        var error = Assert.Throws<ExportException>(() => CheckpointMerge.Merge([halves[0], quarters[0], quarters[1]], _scene.At("whole")));
        Assert.Contains("layers.{0,1}.self_attn.q_proj.weight: no given rank has 120 of 240 elements (heads 2..3 of 4)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_expert_rank_is_named_by_the_tensors_that_lack()
    {
        var ranks = Export(1, 2, new ExportOptions { Format = "per-expert" });
        var error = Assert.Throws<ExportException>(() => CheckpointMerge.Merge([ranks[0]], _scene.At("whole")));
        Assert.Equal(
            from layer in new[] { 0, 1 } from part in new[] { "down", "gate", "up" } select $"layers.{layer}.mlp.experts.2.{part}_proj.weight",
            error.Problems.Select(problem => problem.Name).Order());
    }

    [Fact]
    public void Copies_with_other_bits_are_refused_all_at_once()
    {
        var ranks = Export(4, 1);
        using (var changed = new TinyModel(_scene.Tiny.Sizes, new Topology(1, 4)))
        {
            var weights = _scene.Tiny.Second.ToDictionary(pair => pair.Key, pair => pair.Value.clone());
            weights["norm.weight"][3] = 0;
            weights["layers.1.self_attn.v_proj.weight"][2, 2] = 0;
            _scene.Tiny.Load(weights, changed);
            changed.Export(ranks[1]);
        }
        var error = Assert.Throws<ExportException>(() => CheckpointMerge.Merge(ranks, _scene.At("whole")));
        Assert.Equal(
            [(ExportProblemKind.Differs, "layers.1.self_attn.v_proj.weight"), (ExportProblemKind.Differs, "norm.weight")],
            error.Problems.Select(problem => (problem.Kind, problem.Name)).Distinct().Order());
        Assert.Contains(ranks[1], error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_scene.At("whole")));
    }

    [Fact]
    public void Slices_that_overlap_in_part_must_agree()
    {
        var halves = Export(2, 1);
        var quarters = Export(4, 1);
        CheckpointMerge.Merge([halves[0], quarters[1], quarters[2], quarters[3]], _scene.At("whole"));
        Assert.Equal(ExportScene.Stored(_scene.Tiny.Second), ExportScene.Stored(_scene.At("whole")));

        using (var changed = new TinyModel(_scene.Tiny.Sizes, new Topology(1, 4)))
        {
            var weights = _scene.Tiny.Second.ToDictionary(pair => pair.Key, pair => pair.Value.clone());
            weights["layers.0.self_attn.q_proj.weight"][6, 1] = -7;
            _scene.Tiny.Load(weights, changed);
            changed.Export(quarters[1]);
        }
        var problem = Assert.Single(Assert.Throws<ExportException>(() => CheckpointMerge.Merge([halves[0], quarters[1], quarters[2], quarters[3]], _scene.At("again"))).Problems);
        Assert.Equal((ExportProblemKind.Differs, "layers.0.self_attn.q_proj.weight"), (problem.Kind, problem.Name));
    }

    [Theory]
    [InlineData("{\"w\":{\"pattern\":\"(a b\",\"axes\":{\"a\":[4,[0,2]],\"b\":[2]}}}", "lanyard.slices")]
    [InlineData("{\"w\":{\"pattern\":\"a b\",\"axes\":{\"a\":[4,[0,9]],\"b\":[2]}}}", "lanyard.slices")]
    [InlineData("{\"w\":{\"pattern\":\"a b\",\"axes\":{\"a\":[2,[9223372036854775807,2]],\"b\":[2]}}}", "lanyard.slices")]
    [InlineData("{\"w\":{\"pattern\":\"a b\",\"axes\":{\"a\":[4,[0]],\"b\":[2]}}}", "lanyard.slices")]
    [InlineData("{\"w\":{\"pattern\":\"a b\",\"axes\":{\"a\":[],\"b\":[2]}}}", "lanyard.slices")]
    [InlineData("{\"w\":{\"axes\":{}}}", "lanyard.slices")]
    [InlineData("{\"w\":{\"pattern\":null,\"axes\":{\"a\":[4,[0,2]],\"b\":[2]}}}", "lanyard.slices")]
    [InlineData("{\"w\":{\"pattern\":\"a b\",\"axes\":{\"a\":[9223372036854775807,[0,2]],\"b\":[2]}}}", "lanyard.slices")]
    [InlineData("{\"w\":{\"pattern\":\"a b\",\"axes\":{\"a\":[4,[0,16777216],[0,1]],\"b\":[2]}}}", "too many indices")]
    [InlineData("{\"v\":{\"pattern\":\"a b\",\"axes\":{\"a\":[8388608,[0,8388607],[8388607,1]],\"b\":[8388609,[0,8388608],[8388608,1]]}}}", "too many indices")]
    [InlineData("{\"w\":{\"pattern\":\"a b\",\"axes\":{\"a\":[4,[0,2],[1,1]],\"b\":[2]}}}", "lists an index twice")]
    [InlineData("{\"w\":7}", "lanyard.slices")]
    [InlineData("[]", "lanyard.slices")]
    [InlineData("{", "lanyard.slices")]
    [InlineData("{\"w\":{\"pattern\":\"a b\",\"axes\":{\"a\":[4,[0,3]],\"b\":[2]}}}", "its slice is [3, 2]")]
    [InlineData("{\"w\":{\"pattern\":\"a b\",\"axes\":{\"a\":[4000000000000000,[0,2]],\"b\":[2]}}}", "elements (a 2..3999999999999999 of 4000000000000000)")]
    public void Descriptions_that_make_no_sense_are_refused(string slices, string message)
    {
        CheckpointWriter.WriteDirectory(_scene.At("odd"), [("w", torch.zeros(2, 2))], new Dictionary<string, string> { ["lanyard.slices"] = slices });
        Assert.Contains(message, Assert.Throws<ExportException>(() => CheckpointMerge.Merge([_scene.At("odd")], _scene.At("whole"))).Message, StringComparison.Ordinal);
    }

    /// <summary>Each index is on some rank, and half of the matrix on none.</summary>
    [Theory]
    [InlineData("(heads dim) hidden", "[0,2]", "[2,2]", "heads 2..3")]
    [InlineData("(q: heads dim) hidden", "[0,2,2]", "[1,2,2]", "heads 1 and 3")]
    [InlineData("(q: heads dim + bias) hidden", "[0,2]", "[2,2]", "heads 2..3")]
    public void Axes_that_no_rank_has_together_are_named(string pattern, string first, string second, string missing)
    {
        void Write(string name, string heads, string dim) => CheckpointWriter.WriteDirectory(_scene.At(name), [("w", torch.zeros(4 + (pattern.Contains("bias", StringComparison.Ordinal) ? 1 : 0), 5))], new Dictionary<string, string> { ["lanyard.slices"] = """{"w":{"pattern":"PATTERN","axes":{"heads":[4,HEADS],"dim":[4,DIM],"hidden":[5],"bias":[1]}}}""".Replace("PATTERN", pattern, StringComparison.Ordinal).Replace("HEADS", heads, StringComparison.Ordinal).Replace("DIM", dim, StringComparison.Ordinal) });
        Write("0", first, "[0,2]");
        Write("1", second, "[2,2]");
        var problem = Assert.Single(Assert.Throws<ExportException>(() => CheckpointMerge.Merge([_scene.At("0"), _scene.At("1")], _scene.At("whole"))).Problems);
        Assert.Contains($" elements (none has {missing} of 4 together with dim 0..1 of 4: the files of a rank lack, or the axes are divided over the same ranks)", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Indices_in_steps_are_put_where_they_belong()
    {
        void Write(string name, Tensor value, string held) => CheckpointWriter.WriteDirectory(_scene.At(name), [("w", value)], new Dictionary<string, string> { ["lanyard.slices"] = """{"w":{"pattern":"(a b)","axes":{"a":[5,HELD],"b":[2]}}}""".Replace("HELD", held, StringComparison.Ordinal) });
        var whole = torch.arange(10, dtype: ScalarType.Int16);
        Write("even", torch.tensor(new short[] { 0, 1, 4, 5, 8, 9 }), "[0,3,2]");
        Write("odd", torch.tensor(new short[] { 6, 7, 2, 3 }), "[3,1],[1,1]");
        CheckpointMerge.Merge([_scene.At("odd"), _scene.At("even")], _scene.At("whole"));
        Assert.Equal(ExportScene.Stored([KeyValuePair.Create("w", whole)]), ExportScene.Stored(_scene.At("whole")));
    }

    [Fact]
    public void Types_and_shapes_that_contradict_each_other_are_refused()
    {
        CheckpointWriter.WriteDirectory(_scene.At("a"), [("w", torch.zeros(2, 2)), ("v", torch.zeros(2))]);
        CheckpointWriter.WriteDirectory(_scene.At("b"), [("w", torch.zeros(2, 3)), ("v", torch.zeros(2, dtype: ScalarType.Float64))]);
        var problems = Assert.Throws<ExportException>(() => CheckpointMerge.Merge([_scene.At("a"), _scene.At("b")], _scene.At("whole"))).Problems;
        Assert.Equal([(ExportProblemKind.Conflict, "v"), (ExportProblemKind.Conflict, "w")], problems.Select(problem => (problem.Kind, problem.Name)));
        Assert.Throws<ArgumentException>(() => CheckpointMerge.Merge([_scene.At("a")], _scene.At("a")));
        Assert.Throws<ArgumentException>(() => CheckpointMerge.Merge([_scene.At("a")], _scene.At("a") + Path.DirectorySeparatorChar));
        Assert.Throws<ArgumentException>(() => CheckpointMerge.Merge([], _scene.At("whole")));
    }

    [Fact]
    public void Parts_of_one_tensor_from_several_parameters_are_sliced_together()
    {
        var weights = ExportCoverageTests.Latent(bias: true);
        string[] ranks = [_scene.At("0"), _scene.At("1")];
        for (var rank = 0; rank < 2; rank++)
        {
            using var model = new LatentLayer(true, new Topology(rank, 2));
            _scene.Tiny.Load(weights, model);
            model.Export(ranks[rank]);
        }
        CheckpointMerge.Merge(ranks, _scene.At("whole"));
        Assert.Equal(ExportScene.Stored(weights), ExportScene.Stored(_scene.At("whole")));
    }

    [Fact]
    public void A_rank_that_holds_nothing_of_one_axis_of_a_tensor_says_so()
    {
        var weights = new Dictionary<string, Tensor> { ["weight"] = torch.randn(5, 3) };
        string[] ranks = [_scene.At("0"), _scene.At("1")];
        for (var rank = 0; rank < 2; rank++)
        {
            using var model = new MixedExperts(new Topology(0, 1, rank, 2));
            _scene.Tiny.Load(weights, model);
            model.Export(ranks[rank]);
        }
        using (var second = Checkpoint.Open(ranks[1]))
            Assert.Contains("\"axes\":{\"text\":[1,[0,0]],\"vision\":[4,[2,2]],\"hidden\":[3]}", second.Metadata["lanyard.slices"], StringComparison.Ordinal);
        CheckpointMerge.Merge(ranks, _scene.At("whole"));
        Assert.Equal(ExportScene.Stored(weights), ExportScene.Stored(_scene.At("whole")));
    }

    private List<string> Export(int tensor, int expert, ExportOptions? options = null)
    {
        var ranks = new List<string>();
        for (var rank = 0; rank < tensor * expert; rank++)
        {
            using var model = new TinyModel(_scene.Tiny.Sizes, new Topology(rank % tensor, tensor, rank / tensor, expert));
            _scene.Tiny.Load(_scene.Tiny.Second, model);
            ranks.Add(_scene.At($"{tensor}-{expert}-rank-{rank}"));
            Assert.Empty(model.Export(ranks[^1], options).Lossy);
        }
        return ranks;
    }
}
