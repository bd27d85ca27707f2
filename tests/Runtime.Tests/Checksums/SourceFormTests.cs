using Lanyard.Tests.Export;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.DeepSeek;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checksums;

/// <summary>Checksums where checkpoints store other than the model holds: quantised, packed, tied, in parts, in any order.</summary>
public sealed class SourceFormTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32, 1)]
    [InlineData(ScalarType.BFloat16, 2)]
    public void Fp8_with_block_scales(ScalarType type, int ranks)
    {
        var sizes = DeepSeekSizes.Read(Fixtures.Path("deepseek-v3-fp8", "config.json"));
        var checkpoint = _files.Fixture("deepseek-v3-fp8");
        for (var rank = 0; rank < ranks; rank++)
        {
            using var model = new SmallDeepSeek(sizes, new Topology(0, 1, rank, ranks), type);
            LoadPlan.Create(model, checkpoint, new LoadOptions { AllowNarrowing = true }).Execute();
            Proofs.Holds(model, checkpoint);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Shares_that_cut_blocks_and_halves_of_one_tensor(int ranks)
    {
        var sizes = DeepSeekSizes.Read(Fixtures.Path("deepseek-v3-fp8", "config.json"));
        var checkpoint = _files.Fixture("deepseek-v3-fp8");
        Dictionary<string, Tensor> first = TensorFiles.Below(checkpoint, "model.layers.1.self_attn."), second = TensorFiles.Below(checkpoint, "model.layers.2.self_attn.");
        for (var rank = 0; rank < ranks; rank++)
        {
            using var model = new DeepSeekAttention(sizes, new Topology(rank, ranks));
            _files.Load(model, first);
            Proofs.Holds(model, first.Reverse());
            Proofs.Holds(model, first.OrderBy(item => item.Key.Contains("scale")));
            _files.Load(model, second);
            Proofs.Holds(model, second);
            Assert.Equal(model.Checksums().Slots.Length, Proofs.Compare(model, first).Differing.Length);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 3)]
    public void Mxfp4_and_the_bfloat16_that_it_stands_for(int tensor, int expert)
    {
        var stored = TensorFiles.Below(_files.Fixture("gpt-oss-mxfp4"), "model.layers.1.mlp.experts.");
        for (var rank = 0; rank < tensor * expert; rank++)
        {
            using var model = new GptOssExperts(5, 96, 64, new Topology(rank % tensor, tensor, rank / tensor, expert));
            _files.Load(model, stored);
            Proofs.Holds(model, stored);
        }
        var checkpoint = _files.Fixture("gpt-oss-mxfp4");
        using var whole = new GptOssExperts(5, 96, 64);
        _files.Load(whole, stored);
        var wide = stored.Where(item => item.Key.EndsWith("_bias", StringComparison.Ordinal)).ToDictionary();
        wide["gate_up_proj"] = torch.tensor(ReferenceDecoder.Mxfp4(checkpoint, "model.layers.1.mlp.experts.gate_up_proj_blocks", "model.layers.1.mlp.experts.gate_up_proj_scales")).transpose(1, 2).to_type(ScalarType.BFloat16);
        wide["down_proj"] = torch.tensor(ReferenceDecoder.Mxfp4(checkpoint, "model.layers.1.mlp.experts.down_proj_blocks", "model.layers.1.mlp.experts.down_proj_scales")).transpose(1, 2).to_type(ScalarType.BFloat16);
        Proofs.Holds(whole, wide, "bf16");
    }

    [Fact]
    public void Packed_vectors_and_stacked_blocks()
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["matrix_blocks"] = torch.randint(0, 256, [6, 3, 16], dtype: ScalarType.Byte),
            ["matrix_scales"] = torch.randint(120, 134, [6, 3], dtype: ScalarType.Byte),
            ["vector_blocks"] = torch.randint(0, 256, [3, 16], dtype: ScalarType.Byte),
            ["vector_scales"] = torch.randint(120, 134, [3], dtype: ScalarType.Byte),
            ["stacked"] = torch.randint(-128, 128, [3, 6, 96], dtype: ScalarType.Int8),
            ["stacked_scale"] = torch.rand(3, 2, 24),
        };
        for (var rank = 0; rank < 8; rank++)
        {
            using var model = new PackedWeights(new Topology(rank % 4, 4, rank / 4, 2));
            _files.Load(model, tensors);
            Proofs.Holds(model, tensors);
        }
    }

    [Fact]
    public void Offsets_scales_and_rounding_are_those_of_the_load()
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["weight"] = torch.tensor(new sbyte[] { 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12 }).reshape(3, 4),
            ["weight_scale"] = torch.tensor([2f, 0.5f, 4f]),
            ["norm"] = torch.tensor([0.5f, -0.25f, 3f, 0.3f]).to_type(ScalarType.BFloat16),
            ["bias"] = torch.tensor([1.0001f, 2f, 3.3f]),
            ["plain"] = torch.tensor([9f, 8f, 7f, 6f]).to_type(ScalarType.BFloat16),
        };
        using var model = new EncodedLayer();
        _files.Load(model, tensors);
        Proofs.Holds(model, tensors);

        // A trainer may have what the quantised values stand for.
        var decoded = tensors.Where(item => item.Key != "weight_scale").ToDictionary();
        decoded["weight"] = torch.tensor([2f, -4, 6, -8, 2.5f, -3, 3.5f, -4, 36, -40, 44, -48]).reshape(3, 4);
        Proofs.Holds(model, decoded);

        var report = Proofs.Compare(model, new Dictionary<string, Tensor>(tensors) { ["weight_scale"] = torch.tensor([1f, 2, 3, 4]) });
        Assert.Equal(["the trainer has weight_scale as [4], the model takes [] or [1, 1] or [3] or [3, 1]"], report.Differing.Select(slot => slot.Reason));
        Assert.Equal(["weight"], Proofs.Compare(model, tensors.Where(item => item.Key != "weight_scale")).Missing.Select(slot => slot.Tensor));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("quantised-transposed", true)]
    [InlineData("plain", false)]
    [InlineData("plain-transposed", false)]
    public void One_name_in_four_formats(string format, bool quantised)
    {
        var transposed = format.EndsWith("transposed", StringComparison.Ordinal);
        var tensors = new Dictionary<string, Tensor> { ["weight"] = quantised ? torch.randint(-128, 128, transposed ? [9, 6] : [6, 9], dtype: ScalarType.Int8) : torch.randn(transposed ? [9, 6] : [6, 9]) };
        if (quantised) tensors["weight_scale_inv"] = torch.rand(transposed ? [3, 2] : [2, 3]);
        using var model = new FormatsLinear(6, 9);
        _files.Load(model, tensors);
        Proofs.Holds(model, tensors, format);
    }

    [Theory]
    [InlineData("model.embed_tokens.weight")]
    [InlineData("lm_head.weight")]
    [InlineData("text.embed_tokens.weight", "text.lm_head.weight")]
    public void A_tied_tensor_is_one_slot_under_any_of_its_names(params string[] names)
    {
        using var model = new TiedModel(hasBias: true);
        using Tensor embedding = torch.randn(5, 3), bias = torch.randn(3);
        var tensors = names.ToDictionary(name => name, _ => embedding);
        tensors[names[0].StartsWith("text.", StringComparison.Ordinal) ? "text.model.bias" : "model.bias"] = bias;
        _files.Load(model, new Dictionary<string, Tensor>(tensors) { ["model.layers.3.x"] = bias });
        Assert.Equal(["model.embed_tokens.weight", "model.bias"], model.Checksums().Slots.Select(slot => slot.Tensor));
        Proofs.Holds(model, tensors);
    }

    [Fact]
    public void Names_of_a_tied_tensor_that_differ_agree_with_nothing()
    {
        using var model = new TiedModel();
        using Tensor embedding = torch.randn(5, 3), other = torch.randn(5, 3);
        _files.Load(model, new Dictionary<string, Tensor> { ["lm_head.weight"] = embedding, ["model.layers.3.x"] = other });
        foreach (var tensors in new Dictionary<string, Tensor>[] { new() { ["lm_head.weight"] = embedding, ["embed_tokens.weight"] = other }, new() { ["lm_head.weight"] = other, ["embed_tokens.weight"] = embedding } })
        {
            var differing = Assert.Single(Proofs.Compare(model, tensors).Differing);
            Assert.StartsWith("the trainer has other bits under one of the names model.embed_tokens.weight, lm_head.weight, ", differing.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parts_of_one_tensor_and_parameters_that_share_elements()
    {
        using var parted = new PartedLinear();
        var tensors = new Dictionary<string, Tensor> { ["weight"] = torch.randn(6, 2) };
        _files.Load(parted, tensors);
        Assert.Equal(2, parted.Checksums().Slots.Length);
        Proofs.Holds(parted, tensors);

        using var shared = new SharedLayer();
        tensors = new() { ["weight"] = torch.randn(3, 4) };
        _files.Load(shared, tensors);
        Proofs.Holds(shared, tensors);
        using (no_grad()) shared.Transposed[1, 2] = 7;
        Assert.Equal(["transposed"], Proofs.Compare(shared, tensors).Differing.Select(slot => slot.Parameter));
    }

    [Theory]
    [InlineData(1, 1, "linear")]
    [InlineData(2, 3, "linear")]
    [InlineData(4, 3, "round robin")]
    [InlineData(12, 3, "3 1 4,4 0,0 2")]
    public void Placed_experts_rounded_axes_and_declared_kernel_layouts(int tensor, int expert, string rule)
    {
        var tensors = new Dictionary<string, Tensor> { ["experts"] = torch.randn(3, 5), ["embed"] = torch.randn(10, 3), ["head"] = torch.randn(10, 3) };
        var placement = rule == "linear" ? ExpertPlacement.Linear
            : rule == "round robin" ? ExpertPlacement.RoundRobin
            : ExpertPlacement.Listed([.. rule.Split(',').Select(rank => System.Collections.Immutable.ImmutableArray.CreateRange(rank.Split(' ').Select(long.Parse)))]);
        for (var rank = 0; rank < tensor * expert; rank++)
        {
            using var model = new PlacedLayer(new Topology(rank % tensor, tensor, rank / tensor, expert) { ExpertPlacement = placement });
            _files.Load(model, tensors);
            Proofs.Holds(model, tensors);
        }
    }
}
