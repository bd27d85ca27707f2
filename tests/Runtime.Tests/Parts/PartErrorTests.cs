using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Parts;

/// <summary>Slices and chunks that do not fit: all of them are named, and nothing has changed.</summary>
public sealed class PartErrorTests : IDisposable
{
    private const string Q = "layers.0.self_attn.q_proj.weight", Norm = "norm.weight", GateUp = "layers.1.mlp.experts.gate_up_proj";
    private readonly TinyScene _scene = new(topology: new Topology(1, 2, 1, 3));
    private readonly TensorFiles _files = new();

    public PartErrorTests() => _scene.Load(_scene.First);

    public void Dispose()
    {
        _files.Dispose();
        _scene.Dispose();
    }

    [Fact]
    public void A_slice_of_another_shape_is_listed_with_the_shape_of_the_slice_and_of_the_whole()
    {
        var problems = Refused(refit =>
        {
            refit.WriteSlice(Q, _scene.Second[Q]);
            refit.WriteSlice(GateUp, torch.zeros(1, 10, 6));
            refit.WriteSlice(Norm, torch.zeros(9));
            refit.WriteSlice("layers.0.self_attn.k_proj.wieght", torch.zeros(1));
            refit.WriteSlice("layers.0.self_attn.v_proj.weight", torch.zeros([6, 10], ScalarType.Int64));
        });

        Assert.Equal(
            [
                new LoadProblem(LoadProblemKind.Unexpected, "layers.0.self_attn.k_proj.wieght", Nearest: "layers.0.self_attn.k_proj.weight"),
                new LoadProblem(LoadProblemKind.WrongShape, Q, "layers.0.self_attn.qkv_weight", "the slice [12, 10] of [24, 10]", "[24, 10]"),
                new LoadProblem(LoadProblemKind.WrongType, "layers.0.self_attn.v_proj.weight", "layers.0.self_attn.qkv_weight", "F32", "I64"),
                new LoadProblem(LoadProblemKind.WrongShape, GateUp, "layers.1.mlp.experts.w13_weight", "the slice [1, 10, 12] of [3, 10, 24]", "[1, 10, 6]"),
                new LoadProblem(LoadProblemKind.WrongShape, Norm, "norm", "[10]", "[9]"),
            ],
            problems);
    }

    [Fact]
    public void What_lies_outside_of_the_tensor_or_of_the_slice_is_listed()
    {
        var problems = Refused(refit =>
        {
            refit.Write(Q, torch.zeros(4, 10), [21, 0]);
            refit.WriteSlice(GateUp, torch.zeros(1, 10, 6), [0, 0, 7]);
            refit.Write(Norm, torch.zeros(3), [-1]);
        });

        Assert.Equal(
            [
                (Q, "a part of [24, 10]", "[4, 10] from [21, 0]"),
                (GateUp, "a part of the slice [1, 10, 12] of [3, 10, 24]", "[1, 10, 6] from [0, 0, 7]"),
                (Norm, "a part of [10]", "[3] from [-1]"),
            ],
            problems.Select(problem => (problem.Tensor, problem.Expected, problem.Found)));
        using var session = _scene.Model.BeginRefit();
        Assert.Throws<ArgumentException>(() => session.Write(Q, torch.zeros(4, 10), [0]));
        Assert.Throws<ArgumentException>(() => session.WriteSlice(Norm, torch.zeros(4), []));
    }

    [Fact]
    public void Elements_that_lack_are_named_though_those_of_other_ranks_need_not_come()
    {
        var q = _scene.Second[Q];
        var problem = Assert.Single(Refused(refit =>
        {
            refit.Write(Q, q[6..14], [6, 0]);
            refit.Write(Q, q[16..20], [16, 0]);
            refit.Write(Q, q[20..24, 2..5], [20, 2]);
        }));
        Assert.Equal(
            new LoadProblem(LoadProblemKind.Missing, Q, "layers.0.self_attn.qkv_weight", "all 120 elements that this rank takes of [24, 10]", "72, without [14..15, 0..9] and [20..23, 0..1 and 5..9]"),
            problem);
    }

    [Fact]
    public void Elements_that_come_twice_are_named_whatever_the_chunks()
    {
        var q = _scene.Second[Q];
        var problems = Refused(refit =>
        {
            refit.Write(Q, q[..14], [0, 0]);
            refit.WriteSlice(Q, q[12..]);
            refit.Write(Norm, _scene.Second[Norm][..4], [0]);
            refit.Write(Norm, _scene.Second[Norm]);
            refit.WriteSlice(GateUp, _scene.Second[GateUp][1..2, .., 6..12], [0, 0, 0]);
            refit.Write(GateUp, _scene.Second[GateUp][.., 3..4, 11..13], [0, 3, 11]);
        });
        Assert.Equal(
            [(Q, "[12..13, 0..9] again"), (GateUp, "[1, 3, 11] again"), (Norm, null)],
            problems.Where(problem => problem.Kind == LoadProblemKind.Duplicate).Select(problem => (problem.Tensor, problem.Found)));
    }

    [Fact]
    public void A_whole_tensor_or_a_patch_leaves_no_room_for_a_part()
    {
        var problems = Refused(refit =>
        {
            refit.Write(Q, _scene.Second[Q]);
            refit.WriteSlice(Q, _scene.Second[Q][12..]);
            refit.Patch(Norm, torch.tensor([0L]), torch.tensor([1f]));
            refit.Write(Norm, _scene.Second[Norm][..4], [0]);
            refit.Write(GateUp, _scene.Second[GateUp][..2], [0, 0, 0]);
            refit.Patch(GateUp, torch.tensor([0L]), torch.tensor([1f]));
        });
        Assert.Equal([Q, GateUp, Norm], problems.Where(problem => problem.Kind == LoadProblemKind.Duplicate).Select(problem => problem.Tensor));
    }

    [Fact]
    public void Of_a_tensor_of_another_rank_nothing_comes_or_no_element()
    {
        using var model = new TinyExperts(3, 12, 10, new Topology(0, 1, 2, 3));
        var weights = TinyWeights.PerExpert(_scene.Second).Where(item => item.Key.StartsWith("layers.0.mlp.experts.", StringComparison.Ordinal)).ToDictionary(item => item.Key["layers.0.mlp.experts.".Length..], item => item.Value);
        _files.Load(model, weights);
        var before = Bits.Of(model);
        using (var refit = model.BeginRefit())
        {
            foreach (var (name, value) in weights.Where(item => item.Key[0] != '1')) refit.WriteSlice(name, item(name, value));
            refit.Commit();
        }
        Assert.Equal(before, Bits.Of(model));

        using var wrong = model.BeginRefit();
        foreach (var (name, value) in weights) wrong.WriteSlice(name, name == "1.down_proj.weight" ? value : item(name, value));
        Assert.Equal(
            [new LoadProblem(LoadProblemKind.WrongShape, "1.down_proj.weight", "w2_weight", "no element, since this rank holds nothing of [10, 12]", "[10, 12]")],
            Assert.Throws<LoadException>(() => wrong.Commit()).Problems.AsEnumerable());

        static Tensor item(string name, Tensor value) => name[0] == '2' ? value : value[..0];
    }

    [Fact]
    public void Scales_have_no_slices()
    {
        using EncodedLinear model = new(6, 4, new Topology(1, 2)), single = new(6, 4);
        var weights = new Dictionary<string, Tensor>
        {
            ["weight"] = torch.randint(-9, 9, [6, 4], ScalarType.Int8),
            ["weight_scale"] = torch.rand(6),
            ["norm.weight"] = torch.randn(4),
            ["rounded"] = torch.randn(6),
        };
        foreach (var made in new[] { model, single }) _files.Load(made, weights);
        var before = Bits.Of(model);

        using (var refit = model.BeginRefit())
        {
            refit.WriteSlice("weight", weights["weight"].narrow(0, 3, 3));
            refit.Write("weight_scale", weights["weight_scale"][..3], [0]);
            refit.WriteSlice("norm.weight", weights["norm.weight"]);
            refit.WriteSlice("rounded", weights["rounded"][3..]);
            Assert.Equal(
                [
                    new LoadProblem(LoadProblemKind.WrongPart, "weight", "weight", "the whole tensor, since it is decoded with others, which have no slices", "[3, 4]"),
                    new LoadProblem(LoadProblemKind.Missing, "weight_scale", "weight", "all 6 elements that this rank takes of [6]", "3, without [3..5]"),
                ],
                Assert.Throws<LoadException>(() => refit.Commit()).Problems.AsEnumerable());
        }
        Assert.Equal(before, Bits.Of(model));

        // Whole scales and decoded tensors go with slices of others, and what is stored with an offset comes in chunks.
        using (var refit = model.BeginRefit())
        {
            refit.Write("weight", weights["weight"]);
            refit.WriteSlice("weight_scale", weights["weight_scale"]);
            refit.Write("norm.weight", weights["norm.weight"][1..], [1]);
            refit.Write("norm.weight", weights["norm.weight"][..1], [0]);
            refit.WriteSlice("rounded", weights["rounded"][3..]);
            refit.Commit();
        }
        Assert.Equal(before, Bits.Of(model));
        var alone = Bits.Of(single);
        using (var refit = single.BeginRefit())
        {
            foreach (var (name, value) in weights) refit.WriteSlice(name, value);
            refit.Commit();
        }
        Assert.Equal(alone, Bits.Of(single));
    }

    [Fact]
    public void A_tied_tensor_comes_in_the_same_parts_under_both_names()
    {
        const string Name = "model.embed_tokens.weight", Alias = "lm_head.weight";
        using var model = new TiedModel();
        var (first, second) = (torch.randn(5, 3), torch.randn(5, 3));
        _files.Load(model, new Dictionary<string, Tensor> { [Name] = first, ["model.layers.3.norm.weight"] = torch.ones(2) });
        IReadOnlyList<LoadProblem> Brought(params (string Name, Tensor Tensor, int From, int To)[] parts)
        {
            using var refit = model.BeginRefit();
            foreach (var (name, tensor, from, to) in parts) refit.Write(name, tensor[from..to], [from, 0]);
            try
            {
                refit.Commit();
                return [];
            }
            catch (LoadException error)
            {
                return error.Problems;
            }
        }

        Assert.Empty(Brought((Name, second, 0, 2), (Alias, second, 2, 5), (Alias, second, 0, 2), (Name, second, 2, 5)));
        Assert.Equal(Bits.Of(second), Bits.Of(model.Embedding));
        Assert.Equal(LoadProblemKind.TiedDiffer, Assert.Single(Brought((Name, second, 0, 2), (Name, second, 2, 5), (Alias, first, 2, 5))).Kind);
        Assert.Equal("[3..4, 0..2] again", Assert.Single(Brought((Name, second, 0, 2), (Name, second, 2, 5), (Alias, second, 3, 5))).Found);
        Assert.Equal(LoadProblemKind.Duplicate, Assert.Single(Brought((Name, second, 0, 2), (Name, second, 2, 5), (Alias, second, 0, 5))).Kind);
        Assert.Equal(Bits.Of(second), Bits.Of(model.Embedding));
    }

    [Fact]
    public void In_place_a_refused_part_leaves_the_model_torn_until_a_refit_completes()
    {
        using (var refit = _scene.Model.BeginRefit(RefitMode.InPlace, RefitScope.Subset))
        {
            refit.Write(Q, _scene.Second[Q][6..14], [6, 0]);
            Assert.StartsWith("The tensors that Write brought do not fit the model: 1 problem. The model is torn", Assert.Throws<LoadException>(() => refit.Commit()).Message, StringComparison.Ordinal);
        }
        Assert.Equal(ModelState.Torn, _scene.Model.Parameters.State);
        _scene.Refit(_scene.Second, RefitMode.InPlace);
        Assert.Equal(ModelState.Loaded, _scene.Model.Parameters.State);
    }

    /// <summary>The problems of a subset, after which every bit is what it was.</summary>
    private IEnumerable<LoadProblem> Refused(Action<RefitSession> write)
    {
        var before = _scene.Bits();
        using (var refit = _scene.Model.BeginRefit(RefitMode.Staged, RefitScope.Subset))
        {
            write(refit);
            var error = Assert.Throws<LoadException>(() => refit.Commit());
            Assert.Contains("Nothing was changed.", error.Message, StringComparison.Ordinal);
            Assert.Equal(before, _scene.Bits());
            return error.Problems;
        }
    }
}
