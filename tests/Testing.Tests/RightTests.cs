using System.Globalization;
using Lanyard.Checkpoints;
using Lanyard.Testing.Tests.Mistakes;
using Lanyard.Testing.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Testing.Tests;

/// <summary>Classes in which nothing is wrong, and what a report says of them.</summary>
public sealed class RightTests : IDisposable
{
    private readonly Shelf _shelf = new();

    public void Dispose() => _shelf.Dispose();

    [Fact]
    public void A_class_is_checked_against_itself_in_each_format_and_on_two_ranks_of_each_kind()
    {
        var report = ModelTest.Check(topology => new SmallModel(new SmallSizes(), topology));

        Assert.Equal(11, report.Parameters);
        Assert.Equal<string>(["random values without a format", "random values in format \"per-expert\""], report.Sets);
        Assert.Equal(8, report.Ranks);

        // Forth and back: the embedding, and of each layer four projections and two stacks; or, expert by expert, six matrices that come by themselves, and
        // those which post-load pads together.
        Assert.Equal((2 * (1 + (2 * (4 + 2)))) + (2 * (1 + (2 * (4 + 6 + 1)))), report.Refits);
        Assert.Empty(report.Notes);
    }

    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(4, 1, 1)]
    [InlineData(2, 2, 1)]
    public void Ranks_of_any_topology_are_together_the_whole(int tensor, int expert, int placed)
    {
        var topology = new Topology(0, tensor, 0, Math.Max(expert, placed)) { ExpertPlacement = placed > 1 ? ExpertPlacement.Listed([[2], [], [0, 1, 2]]) : ExpertPlacement.Linear };
        Assert.Equal(2 * tensor * Math.Max(expert, placed), ModelTest.Check(t => new SmallModel(new SmallSizes(Intermediate: 16), t), new ModelTestOptions { Ranks = [topology] }).Ranks);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("per-expert")]
    public void A_class_is_checked_against_a_checkpoint(string? format)
    {
        using var model = new SmallModel(new SmallSizes(), type: ScalarType.BFloat16);
        var path = _shelf.Stored(_shelf.Tensors(model, format));

        foreach (var type in new[] { ScalarType.BFloat16, ScalarType.Float32 })
        {
            var report = ModelTest.Check(topology => new SmallModel(new SmallSizes(), topology, type), path);
            Assert.Equal(path, report.Sets[0]);
            Assert.Equal(12, report.Ranks);
        }
    }

    [Fact]
    public void A_checkpoint_may_have_prefixes_second_names_and_tensors_that_are_named_as_left_out()
    {
        using var model = new SmallModel(new SmallSizes());
        var tensors = _shelf.Tensors(model, "per-expert", prefix: "language_model.");
        var path = _shelf.Stored([.. tensors, ("language_model.lm_head.weight", tensors[0].Value), ("vision_model.layers.0.weight", _shelf.Random(3))]);

        using var checkpoint = Checkpoint.Open(path);
        var report = ModelTest.Check(topology => new SmallModel(new SmallSizes(), topology), checkpoint, new ModelTestOptions { LeftOut = ["vision_model.*"] });
        Assert.Equal(3, report.Sets.Length);
    }

    [Fact]
    public void Codes_come_back_as_they_were_in_each_form()
    {
        var report = ModelTest.Check(topology => new Quantised(topology));
        Assert.Equal(6, report.Sets.Length);
        Assert.Equal(12, report.Ranks);
    }

    [Fact]
    public void Padding_constants_kernel_layouts_shards_and_what_may_be_absent_are_tried_too() =>
        Assert.Equal(4, ModelTest.Check(topology => new Padded(topology)).Parameters);

    [Fact]
    public void A_list_is_compared_with_the_class_and_then_the_class_with_itself()
    {
        var report = ModelTest.Check(topology => new SmallModel(new SmallSizes(), topology), List("""{"count": 13, "tensors": [""", """
            {"name": "embed_tokens.weight", "dtype": "F32", "shape": [22, 10]},
            {"name": "layers.{0..1}.self_attn.q_proj.weight", "dtype": "F32", "shape": [24, 10]},
            {"name": "layers.{0,1}.self_attn.k_proj.weight", "dtype": "F32", "shape": [12, 10]},
            {"name": "layers.{0,1}.self_attn.v_proj.weight", "dtype": "F32", "shape": [12, 10]},
            {"name": "layers.{0,1}.self_attn.o_proj.weight", "dtype": "F32", "shape": [10, 24]},
            {"name": "layers.{0,1}.experts.gate_up_proj", "dtype": "F32", "shape": [3, 10, 28]},
            {"name": "layers.{0,1}.experts.down_proj", "dtype": "F32", "shape": [3, 14, 10]}
            """, "]}"));
        Assert.Equal(2, report.Sets.Length);
    }

    [Fact]
    public void A_header_is_a_list_and_what_fills_nothing_must_be_named()
    {
        var list = List("{", """
            "__metadata__": {"format": "pt"},
            "q_proj.weight": {"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 48]},
            "q_proj.bias": {"dtype": "F32", "shape": [4], "data_offsets": [48, 64]}
            """, "}");
        Assert.Equal("q_proj.bias", Assert.Single(Assert.Throws<ModelTestException>(() => ModelTest.Check(_ => new WideIgnore(), list)).Problems).Name);
        Assert.Empty(ModelTest.Check(_ => new WideIgnore(), list, new ModelTestOptions { LeftOut = ["q_proj.bias"] }).Notes);
    }

    [Fact]
    public void On_the_meta_device_names_shapes_and_types_are_compared_and_the_report_says_so()
    {
        var sizes = new SmallSizes(Layers: 1, Vocab: 200_000, Hidden: 8192, Heads: 64, KvHeads: 8, HeadDim: 128, Experts: 128, Intermediate: 4096);
        using var model = new SmallModel(sizes, device: META);
        var list = List("{", string.Join(",", model.ExpectedTensors().Select(tensor => string.Create(CultureInfo.InvariantCulture, $"\"{tensor.Name}\": {{\"dtype\": \"F32\", \"shape\": [{string.Join(", ", tensor.Shape)}]}}"))), "}");

        var report = ModelTest.Check(topology => new SmallModel(sizes, topology, device: META), list, new ModelTestOptions { SizesMayBeEqual = true });
        Assert.Empty(report.Sets);
        Assert.Contains("the model is on the meta device, so that names, shapes and types alone were looked at", report.Notes);
        Assert.Contains("(heads head_dim) and hidden are both 8192: one in the place of the other could not be seen (layers.#.self_attn.o)", report.Notes);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"a\": 3}")]
    [InlineData("{\"a\": {\"dtype\": \"F33\", \"shape\": [1]}}")]
    [InlineData("{\"count\": 2, \"tensors\": [{\"name\": \"a\", \"dtype\": \"F32\", \"shape\": []}]}")]
    [InlineData("{\"tensors\": [{\"name\": \"a.{0..\", \"dtype\": \"F32\", \"shape\": []}]}")]
    [InlineData("{\"tensors\": [{\"name\": \"a.{0,0}\", \"dtype\": \"F32\", \"shape\": []}]}")]
    public void What_is_no_list_is_refused(string json) => Assert.Throws<FormatException>(() => TensorList.Read(List("", json, "")));

    [Fact]
    public void Nothing_stays_behind()
    {
        ModelTest.Check(topology => new SmallModel(new SmallSizes(), topology));
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        ModelTest.Check(topology => new SmallModel(new SmallSizes(), topology));
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    private string List(string before, string rows, string after)
    {
        var path = _shelf.At("list.json");
        File.WriteAllText(path, before + rows + after);
        return path;
    }
}
