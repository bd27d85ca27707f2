using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Encodings;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Gguf;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Export;

/// <summary>Codes that were kept are written as they came where they still make the model, to the bit, and nothing is where they do not.</summary>
public sealed class CodesExportTests : IDisposable
{
    private static readonly LoadOptions Keep = new() { KeepCodes = true };
    private static readonly ExportOptions Codes = new() { Codes = true };

    // What says nothing of the values is read by nobody.
    private static readonly string[] Unread = ["input_scale", "input_global_scale", "weight_shape", "quant_state.bitsandbytes__nf4"];

    private readonly TensorFiles _files = new();
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Matrices => FormLoadTests.Matrices;

    public static TheoryData<string, string> Experts => FormLoadTests.Experts;

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Parts_with_companions_of_their_own_and_with_a_shared_one_come_back_to_the_bit(ScalarType type)
    {
        using var stored = new Parts();
        using var model = new FormParts(null, fused: true, type);
        _files.Load(model, stored.Tensors, Keep);
        SameAgain(model, stored.Tensors, "load");

        // Tensor by tensor, what stands beside behind, over other weights without codes.
        foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
        {
            _files.Load(model, stored.Zeroed());
            using (var refit = model.BeginRefit(mode, options: Keep))
            {
                foreach (var (name, tensor) in stored.Tensors.Reverse()) refit.Write(name, tensor);
                refit.Commit();
            }
            SameAgain(model, stored.Tensors, $"{mode}");
        }
        using var again = new FormParts(null, fused: true, type);
        using var written = Checkpoint.Open(At("load"));
        LoadPlan.Create(again, written).Execute();
        Assert.Equal(Bits.Of(model), Bits.Of(again));
    }

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Every_published_form_of_a_matrix_comes_back_to_the_bit(string name, string form)
    {
        using var stored = new EncodingCase(name);
        var shape = stored.Values().shape;
        using var model = new FormMatrix(null, shape[0], shape[1], ScalarType.BFloat16);
        _files.Load(model, stored.Stored("p"), Keep with { Format = form });
        SameAgain(model, stored.Stored("p"), "out");
    }

    [Theory]
    [MemberData(nameof(Experts))]
    public void Every_published_form_of_experts_comes_back_to_the_bit(string name, string form)
    {
        using var stored = new EncodingCase(name);
        var shape = stored.Values().shape;
        using var model = new FormExperts(null, shape[0], shape[1], shape[2], ScalarType.BFloat16);
        _files.Load(model, stored.Stored("p"), Keep with { Format = form });
        SameAgain(model, stored.Stored("p"), "out");
    }

    [Fact]
    public void The_short_spellings_are_encodings_too_and_scales_of_zero_and_no_number_survive()
    {
        using var model = new EncodedLinear(6, 4);
        var tensors = Linear();
        _files.Load(model, tensors, Keep);

        var report = model.Export(At("out"), Codes);

        // A vector that may be rounded is not encoded.
        Assert.Equal([new ExportLoss("rounded", ExportLossKind.Cast)], report.Lossy.AsEnumerable());
        Assert.Equal(ExportScene.Stored(tensors), ExportScene.Stored(At("out")));
        Assert.Equal(4, report.Tensors);
        Assert.Equal(24 + 24 + 16 + 24, report.Bytes);

        using var packed = new PackedWeights(Topology.Single);
        var blocks = new Dictionary<string, Tensor>
        {
            ["matrix_blocks"] = torch.randint(0, 256, [6, 3, 16], ScalarType.Byte),
            ["matrix_scales"] = torch.tensor(new byte[] { 0, 255, 254, 1, 127, 128, 120, 3, 9, 90, 91, 92, 130, 131, 132, 133, 134, 135 }).reshape(6, 3),
            ["vector_blocks"] = torch.randint(0, 256, [3, 16], ScalarType.Byte),
            ["vector_scales"] = torch.tensor(new byte[] { 0, 255, 127 }),
            ["stacked"] = torch.randn(3, 6, 96).to_type(CheckpointType.F8_E4M3.ToScalarType()),
            ["stacked_scale"] = torch.randn(3, 2, 24),
        };
        _files.Load(packed, blocks, Keep);
        Assert.Empty(packed.Export(At("packed"), Codes).Lossy);
        Assert.Equal(ExportScene.Stored(blocks), ExportScene.Stored(At("packed")));
    }

    [Fact]
    public void Values_that_were_written_or_patched_are_refused_all_together_and_nothing_is_written()
    {
        using var stored = new Parts();
        using var model = new FormParts(null, fused: true);
        _files.Load(model, stored.Tensors, Keep);
        using (no_grad())
        {
            model.Qkv![13, 5].fill_(100f);
            model.GateUp![0, 0].fill_(float.NaN);
            model.Ngram!.bytes[7 * 16 * 4] ^= 1;
        }
        Assert.Equal(
            [("gate_proj.weight_packed", "FormParts.GateUp (gate_up) "), ("k_proj.weight", "FormParts.Qkv (qkv) "), ("ngram_embedding.shard_1.weight", "FormParts.Ngram (ngram) ")],
            Refused(model, ExportProblemKind.NewValues, "New values are not encoded"));
        Assert.False(Directory.Exists(At("refused")));
        Assert.Contains(new ExportLoss("k_proj.weight", ExportLossKind.Decoded), model.Export(At("values")).Lossy);

        using var linear = new EncodedLinear(6, 4);
        _files.Load(linear, Linear(), Keep);
        using (var refit = linear.BeginRefit(scope: RefitScope.Subset))
        {
            refit.Patch("norm.weight", torch.tensor(new long[] { 1 }), torch.tensor([0.5f]));
            refit.Commit();
        }
        Assert.Equal([("norm.weight", "EncodedLinear.Norm (norm) ")], Refused(linear, ExportProblemKind.NewValues, "it was patched"));
    }

    [Fact]
    public void What_comes_next_replaces_the_codes_and_without_the_option_drops_them()
    {
        using EncodingCase stored = new("fused-qkv-nvfp4");
        using var parts = new Parts();
        using var model = new FormParts(null, fused: true);
        _files.Load(model, parts.Tensors, Keep);
        var tensors = new Dictionary<string, Tensor>(parts.Tensors) { ["q_proj.weight"] = torch.randint(0, 256, parts.Tensors["q_proj.weight"].shape, ScalarType.Byte) };
        Subset(Keep, "q_proj.weight", "q_proj.weight_scale", "q_proj.weight_scale_2");
        SameAgain(model, tensors, "subset");

        // One of three that a scale serves comes with another scale.
        tensors["ngram_embedding.weight_scale"] = torch.tensor(3f);
        Subset(Keep, "ngram_embedding.shard_0.weight", "ngram_embedding.weight_scale");
        var error = Assert.Throws<ExportException>(() => model.Export(At("refused"), Codes));
        Assert.Contains(error.Problems, problem => (problem.Kind, problem.Name) == (ExportProblemKind.Overlap, "ngram_embedding.weight_scale"));

        Subset(LoadOptions.Default, "ngram_embedding.shard_0.weight", "ngram_embedding.weight_scale");
        Assert.Equal(
            [.. Enumerable.Range(0, 3).Select(shard => ($"ngram_embedding.shard_{shard}.weight", "FormParts.Ngram (ngram) "))],
            Refused(model, ExportProblemKind.NoCodes, "LoadOptions.KeepCodes"));
        _files.Load(model, tensors);
        Assert.Equal(8, Refused(model, ExportProblemKind.NoCodes, "none in the format without a name").Count);

        void Subset(LoadOptions options, params string[] names)
        {
            using var refit = model.BeginRefit(scope: RefitScope.Subset, options: options);
            foreach (var name in names) refit.Write(name, tensors[name]);
            refit.Commit();
        }
    }

    [Fact]
    public void An_update_that_fails_leaves_the_codes_that_were_kept()
    {
        using var parts = new Parts();
        using var model = new FormParts(null, fused: true);
        _files.Load(model, parts.Tensors, Keep);
        using (var refit = model.BeginRefit(RefitMode.Staged, options: Keep))
        {
            foreach (var (name, tensor) in parts.Zeroed().Where(tensor => tensor.Key != "v_proj.weight")) refit.Write(name, tensor);
            Assert.Throws<LoadException>(refit.Commit);
        }
        SameAgain(model, parts.Tensors, "out");
    }

    [Fact]
    public void Conversions_keep_the_codes_as_long_as_they_make_the_values()
    {
        using var parts = new Parts();
        using var model = new FormParts(null, fused: true);
        _files.Load(model, parts.Tensors, Keep);
        model.to(ScalarType.BFloat16);
        SameAgain(model, parts.Tensors, "narrow");
        model.to(ScalarType.Float32);
        Assert.NotEmpty(Refused(model, ExportProblemKind.NewValues, "other values"));
    }

    [Fact]
    public void A_rank_of_several_and_blocks_of_files_have_no_codes_to_write()
    {
        using var parts = new Parts();
        using var rank = new FormParts(new Topology(1, 2), fused: true);
        _files.Load(rank, parts.Tensors, Keep);
        Assert.Equal(8, Refused(rank, ExportProblemKind.NoCodes, "is on a rank of several").Count);

        using var checkpoint = Checkpoint.Open(_folder.Write("x.gguf", new GgufFile()
            .Tensor("cube", 8, [1, 2, 32], new byte[68]).Tensor("matrix", 8, [2, 32], new byte[68]).Tensor("norm", 8, [32], new byte[34]).Bytes()));
        using var blocks = new BlockCube(1, 2, 32);
        LoadPlan.Create(blocks, checkpoint, Keep).Execute();
        Assert.Equal(
            [("cube", "BlockCube.Cube (cube) "), ("matrix", "BlockCube.Matrix (matrix) "), ("norm", "BlockCube.Norm (norm) ")],
            Refused(blocks, ExportProblemKind.NoCodes, "blocks of GGUF"));
    }

    [Fact]
    public void A_prefix_is_written_before_codes_and_what_stands_beside_them()
    {
        using var model = new CodedBlock();
        var tensors = new Dictionary<string, Tensor>
        {
            ["model.up.weight"] = torch.randn(4, 8).to_type(CheckpointType.F8_E4M3.ToScalarType()),
            ["model.up.weight_scale"] = torch.tensor([1f, 2f, 0f, float.NaN]),
            ["model.norm"] = torch.randn(8),
        };
        _files.Load(model, tensors, Keep);
        Assert.Empty(model.Export(At("out"), Codes with { Prefix = true }).Lossy);
        Assert.Equal(ExportScene.Stored(tensors), ExportScene.Stored(At("out")));

        // The scale is a parameter of its own, too.
        Assert.Equal(3, model.Export(At("values")).Tensors);
        using (no_grad()) model.Scale[1].fill_(5f);
        Assert.Equal([("up.weight_scale", "CodedBlock.Scale (scale) ")], Refused(model, ExportProblemKind.NewValues, "written to"));
        Assert.Equal(ExportLossKind.Decoded, Assert.Single(model.Export(At("values")).Lossy).Kind);
    }

    private static Dictionary<string, Tensor> Linear()
    {
        var codes = torch.randn(6, 4).to_type(CheckpointType.F8_E4M3.ToScalarType());
        codes.bytes[3] = 0x7F;
        codes.bytes[20] = 0x80;
        return new Dictionary<string, Tensor>
        {
            ["weight"] = codes,
            ["weight_scale"] = torch.tensor([0f, float.NaN, -0f, 1e-40f, float.PositiveInfinity, 2f]),
            ["norm.weight"] = torch.tensor([1e-9f, -1f, 0f, -0f]),
            ["rounded"] = torch.rand(6),
        };
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private void SameAgain(IParameterModule model, IReadOnlyDictionary<string, Tensor> tensors, string name)
    {
        Assert.Empty(model.Export(At(name), Codes).Lossy);
        Assert.Equal(ExportScene.Stored(tensors.Where(tensor => !Unread.Any(tensor.Key.EndsWith))), ExportScene.Stored(At(name)));
    }

    /// <summary>The tensors that are refused with the parameters that the reasons name.</summary>
    private List<(string Tensor, string Parameter)> Refused(IParameterModule model, ExportProblemKind kind, string reason)
    {
        var error = Assert.Throws<ExportException>(() => model.Export(At("refused"), Codes));
        Assert.All(error.Problems, problem => Assert.Equal(kind, problem.Kind));
        Assert.All(error.Problems, problem => Assert.Contains(reason, problem.Detail, StringComparison.Ordinal));
        return [.. error.Problems.Select(problem => (problem.Name, problem.Detail[..(problem.Detail.IndexOf(')') + 2)])).Order()];
    }

    /// <summary>What <see cref="FormParts"/> loads.</summary>
    private sealed class Parts : IDisposable
    {
        private readonly EncodingCase[] _cases = [new("fused-qkv-nvfp4"), new("fused-gate-up-int4"), new("fp8-named-shards")];

        public Parts() => Tensors = _cases.SelectMany(stored => stored.Stored("")).ToDictionary(pair => pair.Key.TrimStart('.'), pair => pair.Value);

        public Dictionary<string, Tensor> Tensors { get; }

        public Dictionary<string, Tensor> Zeroed() => Tensors.ToDictionary(pair => pair.Key, pair => torch.zeros_like(pair.Value));

        public void Dispose()
        {
            foreach (var stored in _cases) stored.Dispose();
        }
    }
}
