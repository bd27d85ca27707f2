using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Export;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>
/// A stage has some of the layers, under the numbers that they have in the whole; the first and the last both have the tied embedding. Layer N
/// holds N + 1, the embedding 11, the norm 21. As in sglang 15890 and 6908, Megatron-Bridge 3428.
/// </summary>
public sealed class PipelineStagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<int, int> Stages => new() { { 2, 1 }, { 4, 1 }, { 3, 1 }, { 1, 1 }, { 2, 2 }, { 5, 1 } };

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Each_stage_holds_its_layers_and_both_ends_the_embedding(bool tied, bool other)
    {
        var path = Write("whole", Whole(0, tied, other));
        for (var stage = 0; stage < 2; stage++)
        {
            using var model = new StagedModel(Stage(stage));
            using var checkpoint = Checkpoint.Open(path);
            var report = LoadPlan.Create(model, checkpoint);
            Assert.Equal(stage == 0 ? 3 : 4, report.Tensors);
            Assert.Equal(stage == 0 ? 3 : 4, report.Execute().Slots);
            Holds(model, stage, 0);
        }
    }

    [Fact]
    public void What_another_stage_holds_is_not_here_and_says_where_it_is()
    {
        using var model = Loaded(Stage(0));
        Assert.Equal(["embed_tokens.weight", "layers.0.x", "layers.1.x"], model.AllParameters().Select(parameter => parameter.Name == "embedding" ? "embed_tokens.weight" : parameter.Name).Order());
        Assert.Equal(["embedding", "layers.0.x", "layers.1.x"], model.state_dict().Keys.Order());
        foreach (var (read, name) in new (Action Read, string Name)[] { (() => _ = model.Norm, "StagedModel.Norm"), (() => model.Layers[3].call(torch.zeros(1, 2)), "StagedLayer.X"), (() => _ = model.Layers[2].Parameters.X.Value, "StagedLayer.X") })
            Assert.Contains($"{name} is held by pipeline stage 1, and this is stage 0 of 2", Assert.Throws<ModelStateException>(read).Message, StringComparison.Ordinal);
        Assert.Equal([1, 1, 0, 0], model.Layers.Select(layer => layer.Doubled));
        Assert.Throws<ModelStateException>(() => model.Parameters.Norm.OnStages(0));
        model.to(ScalarType.BFloat16);
        Assert.Equal(ScalarType.BFloat16, model.Layers[1].X.dtype);
        using var meta = new StagedModel(Stage(1));
        Assert.Equal((4, 4), (LoadPlan.Check(meta, Checkpoint.Open(Write("whole", Whole(0)))
            .Tensors.Values) is var estimate ? estimate.Tensors : 0, estimate.Slots));
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_refit_brings_both_stages_the_new_embedding(RefitMode mode)
    {
        for (var stage = 0; stage < 2; stage++)
        {
            using var model = Loaded(Stage(stage));
            Refit(model, mode, RefitScope.Whole, refit => refit.Write(Whole(100)));
            Holds(model, stage, 100);
            Refit(model, mode, RefitScope.Whole, refit =>
            {
                foreach (var (name, value) in Whole(200, other: true).Reverse())
                {
                    for (var row = value.shape[0] - 1; row >= 0; row--) refit.Write(name, value[(int)row..((int)row + 1)], value.dim() == 1 ? [row] : [row, 0]);
                }
            });
            Holds(model, stage, 200);
            Refit(model, mode, RefitScope.Subset, refit => refit.Write("lm_head.weight", torch.full(3, 2, 311f)));
            Refit(model, mode, RefitScope.Subset, refit =>
            {
                refit.Patch("embed_tokens.weight", torch.tensor(new long[] { 1, 4 }), torch.tensor(new float[] { 5, 6 }));
                refit.Patch("norm.weight", torch.tensor(new long[] { 0 }), torch.tensor(new float[] { 7 }));
            });
            Assert.Equal([311, 5, 311, 311, 6, 311], model.Embedding.data<float>().ToArray());
            if (stage == 1) Assert.Equal([7, 221], model.Norm.data<float>().ToArray());
            Refit(model, mode, RefitScope.Subset, refit => refit.Write("layers.3.x.weight", torch.full(2, -1f)));
            Assert.Equal(stage == 1 ? [-1, -1] : [201, 201], (stage == 1 ? model.Layers[3] : model.Layers[0]).X.data<float>().ToArray()[..2]);
            Refit(model, mode, RefitScope.Whole, refit => refit.Write(Whole(0)));
            Holds(model, stage, 0);
        }
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void All_stages_prove_and_export_and_merge_into_the_whole_file(int stages, int tensor)
    {
        var ranks = Exported(stages, tensor, verify: true);
        CheckpointMerge.Merge(ranks, _folder.At("merged"));
        Assert.Equal(ExportScene.Stored(Whole(0)), ExportScene.Stored(_folder.At("merged")));
    }

    [Fact]
    public void A_merge_without_a_stage_names_what_it_holds()
    {
        var problems = Assert.Throws<ExportException>(() => CheckpointMerge.Merge([Exported(2, 1)[0]], _folder.At("merged"))).Problems;
        Assert.Equal(
            [(ExportProblemKind.Missing, "layers.2.x.weight"), (ExportProblemKind.Missing, "layers.3.x.weight"), (ExportProblemKind.Missing, "norm.weight")],
            problems.Select(problem => (problem.Kind, problem.Name)).Order());
    }

    [Fact]
    public void Stages_that_have_other_embeddings_do_not_merge()
    {
        var ranks = Exported(2, 1);
        using var model = Loaded(Stage(1));
        Refit(model, RefitMode.Staged, RefitScope.Subset, refit => refit.Write("embed_tokens.weight", torch.full(3, 2, 12f)));
        model.Export(ranks[1]);
        var problem = Assert.Single(Assert.Throws<ExportException>(() => CheckpointMerge.Merge(ranks, _folder.At("merged"))).Problems);
        Assert.Equal((ExportProblemKind.Differs, "embed_tokens.weight"), (problem.Kind, problem.Name));
    }

    [Theory]
    [InlineData("layers.9.x.weight")]
    [InlineData("layers.3.y.weight")]
    [InlineData("layers.0.y.weight")]
    [InlineData("norm.bias")]
    public void What_no_stage_holds_is_unexpected_on_all(string name)
    {
        var tensors = Whole(0);
        tensors.Add(name, torch.full(2, 1f));
        for (var stage = 0; stage < 2; stage++)
        {
            using var model = new StagedModel(Stage(stage));
            using var checkpoint = Checkpoint.Open(Write($"wrong{stage}", tensors));
            var problem = Assert.Single(Assert.Throws<LoadException>(() => LoadPlan.Create(model, checkpoint)).Problems);
            Assert.Equal((LoadProblemKind.Unexpected, name), (problem.Kind, problem.Tensor));
        }
    }

    [Fact]
    public void What_lacks_is_missing_on_the_stage_that_holds_it()
    {
        var tensors = Whole(0);
        tensors.Remove("layers.2.x.weight");
        using var checkpoint = Checkpoint.Open(Write("whole", tensors));
        using StagedModel first = new(Stage(0)), last = new(Stage(1));
        LoadPlan.Create(first, checkpoint).Execute();
        Assert.Equal("layers.2.x.weight", Assert.Single(Assert.Throws<LoadException>(() => LoadPlan.Create(last, checkpoint)).Problems).Tensor);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_may_be_absent_may_be_so_on_another_stage(bool isThere)
    {
        var tensors = new Dictionary<string, Tensor> { ["first"] = torch.full(2, 1f), ["last"] = torch.full(2, 2f) };
        if (isThere) tensors.Add("last_scale", torch.full(1, 3f));
        using var checkpoint = Checkpoint.Open(Write("scales", tensors));
        for (var stage = 0; stage < 2; stage++)
        {
            using var model = new StagedScales(Stage(stage));
            LoadPlan.Create(model, checkpoint).Execute();
            model.Export(_folder.At($"scales-{stage}"));
        }
        CheckpointMerge.Merge([_folder.At("scales-0"), _folder.At("scales-1")], _folder.At("merged"));
        Assert.Equal(ExportScene.Stored(tensors), ExportScene.Stored(_folder.At("merged")));
    }

    [Fact]
    public void A_constructor_that_makes_what_another_stage_holds_is_told_so()
    {
        Assert.Contains("StagedScales.Last is held by pipeline stage 1, and this is stage 0 of 2", Assert.Throws<ArgumentException>(() => new StagedScales(Stage(0), everywhere: true)).Message, StringComparison.Ordinal);
        using var model = new StagedScales(Stage(1), everywhere: true);
        Assert.Equal(2, model.AllParameters().Count());
    }

    [Fact]
    public void Stages_of_any_numbers_of_layers()
    {
        var topology = new Topology(0, 1, pipelineRank: 1, pipelineSize: 3) { LayersOfStages = [1, 0, 4] };
        Assert.Equal([0, 2, 2, 2, 2], Enumerable.Range(0, 5).Select(layer => Assert.Single(topology.OfLayer(layer, 5).Stages)));
        Assert.Equal([0, 0, 0, 1, 1, 2, 2], Enumerable.Range(0, 7).Select(layer => Assert.Single(new Topology(0, 1, pipelineRank: 0, pipelineSize: 3).OfLayer(layer, 7).Stages)));
        Assert.Equal([0, 2], topology.OnStages(^1, 0, 2).Stages.ToArray());
        Assert.Equal(topology.OnStages(0, ^1), topology.OnStages(2, 0));
        Assert.NotEqual(topology.OnStages(0), topology);
        Assert.Throws<ArgumentException>(() => topology.OfLayer(0, 6));
        Assert.Throws<ArgumentException>(() => topology.OnStages());
        Assert.Throws<ArgumentException>(() => new Topology(0, 1) { LayersOfStages = [1, 2] });
        Assert.Throws<ArgumentOutOfRangeException>(() => topology.OnStages(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => topology.OfLayer(5, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Topology(0, 1, pipelineRank: 2, pipelineSize: 2));
    }

    private static Topology Stage(int stage, int stages = 2, int rank = 0, int ranks = 1) => new(rank, ranks, pipelineRank: stage, pipelineSize: stages);

    private static Dictionary<string, Tensor> Whole(int from, bool tied = false, bool other = false)
    {
        var tensors = Enumerable.Range(0, 4).ToDictionary(layer => $"layers.{layer}.x.weight", layer => torch.full(2, (float)(from + layer + 1)));
        if (!other) tensors.Add("embed_tokens.weight", torch.full(3, 2, from + 11f));
        if (tied || other) tensors.Add("lm_head.weight", torch.full(3, 2, from + 11f));
        tensors.Add("norm.weight", torch.full(2, from + 21f));
        return tensors;
    }

    private static void Holds(StagedModel model, int stage, int from)
    {
        for (var layer = 0; layer < 4; layer++)
        {
            if (layer / 2 == stage) Assert.Equal([from + layer + 1, from + layer + 1, from + layer + 1, from + layer + 1], model.Layers[layer].X.data<float>().ToArray());
            else Assert.True(model.Layers[layer].Parameters.X.IsElsewhere);
        }
        Assert.Equal(Enumerable.Repeat(from + 11f, 6), model.Embedding.data<float>().ToArray());
        if (stage == 1) Assert.Equal([from + 21, from + 21], model.Norm.data<float>().ToArray());
        else Assert.True(model.Parameters.Norm.IsElsewhere);
    }

    private static void Refit(StagedModel model, RefitMode mode, RefitScope scope, Action<RefitSession> write)
    {
        using var refit = model.BeginRefit(mode, scope);
        write(refit);
        refit.Commit();
    }

    private List<string> Exported(int stages, int tensor, bool verify = false)
    {
        var ranks = new List<string>();
        for (var rank = 0; rank < stages * tensor; rank++)
        {
            using var model = Loaded(Stage(rank / tensor, stages, rank % tensor, tensor));
            if (verify)
            {
                var held = model.Checksums();
                using var checkpoint = Checkpoint.Open(_folder.At("whole"));
                held.Compare(WeightChecksums.Of(checkpoint, held)).ThrowUnlessProven();
            }
            ranks.Add(_folder.At($"rank-{rank}"));
            model.Export(ranks[^1]);
        }
        return ranks;
    }

    private StagedModel Loaded(Topology topology)
    {
        var model = new StagedModel(topology);
        using var checkpoint = Checkpoint.Open(Write("whole", Whole(0)));
        LoadPlan.Create(model, checkpoint).Execute();
        return model;
    }

    private string Write(string name, Dictionary<string, Tensor> tensors)
    {
        CheckpointWriter.WriteDirectory(_folder.At(name), tensors.Select(item => (item.Key, item.Value)));
        return _folder.At(name);
    }
}
