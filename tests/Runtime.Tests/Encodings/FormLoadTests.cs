using Lanyard.Checkpoints;
using Lanyard.Published;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>Published cases are loaded as models load them: by a file or tensor by tensor in any order, for shares of ranks that cut blocks, to the bit.</summary>
public sealed class FormLoadTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public static TheoryData<string, string> Matrices => new()
    {
        { "awq-4", nameof(Awq4Group128) },
        { "fp8-tensor", nameof(Fp8) },
        { "fp8-tensor-one", nameof(Fp8) },
        { "fp8-e5m2-tensor", nameof(Fp8) },
        { "fp8-row", nameof(Fp8) },
        { "fp8-row-vector", nameof(Fp8) },
        { "fp8-row-f16", nameof(Fp8) },
        { "fp8-block", nameof(Fp8Block128) },
        { "fp8-block-bf16", nameof(Fp8Block128) },
        { "fp8-block-f16", nameof(Fp8Block128) },
        { "fp8-block-e8m0", nameof(Fp8Block128DeepSeekV4) },
        { "fp8-1x128", nameof(Fp8Row128) },
        { "fp8-e5m2-1x128-e8m0", nameof(Fp8Row128Exponent) },
        { "mxfp8-u8", nameof(Mxfp8MiniMaxM3) },
        { "mxfp8-e8m0", nameof(Mxfp8) },
        { "mxfp4-kimi-k3", nameof(Mxfp4CompressedTensors) },
        { "mxfp4-every-exponent", nameof(Mxfp4CompressedTensors) },
        { "mxfp4-deepseek-v4", nameof(Mxfp4DeepSeekV4) },
        { "nvfp4-modelopt", nameof(Nvfp4ModelOpt) },
        { "nvfp4-compressed-tensors", nameof(Nvfp4CompressedTensors) },
        { "int4-group-32", nameof(Int4Group32) },
        { "int4-one-short-group", nameof(Int4Group32) },
        { "int4-group-128-f16", nameof(Int4Group128) },
        { "int4-group-128-zero", nameof(Int4Group128Zero) },
        { "int4-partial-group", nameof(Int4Group32Zero) },
        { "int4-channel", nameof(Int4Channel) },
        { "int4-channel-zero", nameof(Int4ChannelZero) },
        { "int4-g-idx", nameof(Int4Group32ActOrder) },
        { "int4-g-idx-unset", nameof(Int4Group32ActOrder) },
        { "int8-packed", nameof(Int8PackedChannel) },
        { "int8-packed-group-zero", nameof(Int8PackedGroup32Zero) },
        { "int8-row", nameof(Int8) },
        { "int8-row-f32-zero", nameof(Int8Zero) },
        { "gptq-4-symmetric", nameof(Gptq4Group128) },
        { "gptq-4-partial-group", nameof(Gptq4Group128) },
        { "gptq-4", nameof(Gptq4Group32) },
        { "gptq-4-wrapped-zero", nameof(Gptq4Group32) },
        { "gptq-4-act-order", nameof(Gptq4Group32) },
        { "gptq-4-v2", nameof(Gptq4Group32V2) },
        { "gptq-8", nameof(Gptq8Group32) },
        { "gptq-3", nameof(Gptq3Group32) },
        { "nf4", nameof(Nf4) },
        { "bnb-int8", nameof(LlmInt8) },
    };

    public static TheoryData<string, string> Experts => new()
    {
        { "fp8-column-experts", nameof(Fp8Column) },
        { "fp8-column-experts-down", nameof(Fp8Column) },
        { "fp8-experts-one-each", nameof(Fp8Experts) },
        { "fp8-block-experts", nameof(Fp8Block128Experts) },
        { "nvfp4-experts-transposed", nameof(Nvfp4ExpertsTransposed) },
        { "nvfp4-experts-global-each", nameof(Nvfp4Experts) },
    };

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Matrices))]
    public void A_matrix_is_right_on_every_rank(string name, string form) =>
        Check(name, form, (topology, shape, type) => new FormMatrix(topology, shape[0], shape[1], type), model => ((FormMatrix)model).Weight, whole => whole.permute(1, 0), rowsAt: 1, othersAt: 0, rows: 0, others: 1);

    [Theory]
    [MemberData(nameof(Experts))]
    public void Experts_are_right_on_every_rank(string name, string form) =>
        Check(name, form, (topology, shape, type) => new FormExperts(topology, shape[0], shape[1], shape[2], type), model => ((FormExperts)model).Weight, whole => whole.permute(1, 0, 2), rowsAt: 0, othersAt: 1, rows: 1, others: 0);

    [Fact]
    public void Blocks_with_an_axis_of_their_own_are_right_on_every_rank() =>
        Check("mxfp4-gpt-oss", nameof(Mxfp4GptOss), (topology, shape, type) => new FormBlocks(topology, shape[0], shape[1], shape[2], type), model => ((FormBlocks)model).Weight, whole => whole.permute(1, 0, 2), rowsAt: 0, othersAt: 1, rows: 1, others: 0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(32)]
    public void Parts_of_a_parameter_have_companions_of_their_own_or_share_one(int ranks)
    {
        using EncodingCase qkv = new("fused-qkv-nvfp4"), gateUp = new("fused-gate-up-int4"), ngram = new("fp8-named-shards");
        var tensors = new[] { qkv, gateUp, ngram }.SelectMany(stored => stored.Stored("")).ToDictionary(pair => pair.Key.TrimStart('.'), pair => pair.Value);
        for (var rank = 0; rank < ranks; rank += Math.Max(1, ranks / 4))
        {
            using var model = new FormParts(new Topology(rank, ranks), fused: true);
            _files.Load(model, tensors);
            Same(qkv.Values("qkv_proj.weight").narrow(1, rank * 64 / ranks, 64 / ranks), model.Qkv!, "qkv");
            Same(gateUp.Values("gate_up_proj.weight").narrow(1, rank * 384 / ranks, 384 / ranks), model.GateUp!, "gate_up");
            Same(ngram.Values("ngram_embedding.weight"), model.Ngram!, "ngram");
            using (var refit = model.BeginRefit(RefitMode.Staged))
            {
                foreach (var (name, tensor) in tensors.Reverse()) refit.Write(name, tensor);
                refit.Commit();
            }
            Same(qkv.Values("qkv_proj.weight").narrow(1, rank * 64 / ranks, 64 / ranks), model.Qkv!, "qkv");
            using var checkpoint = _files.Stored(tensors);
            model.Checksums().Compare(WeightChecksums.Of(checkpoint, model.Checksums())).ThrowUnlessProven();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Shares_that_begin_within_a_block_have_the_right_scales(int ranks)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, rows) in new[] { ("gate", 14), ("up", 14), ("both", 28) })
        {
            tensors[$"{name}.weight"] = torch.randn(rows, 6).to_type(CheckpointType.F8_E4M3.ToScalarType());
            tensors[$"{name}.weight_scale_inv"] = torch.rand((rows + 3) / 4, 2) + 0.5f;
        }
        Tensor Decoded(string name)
        {
            var (codes, scales) = (tensors[$"{name}.weight"].to_type(ScalarType.Float32), tensors[$"{name}.weight_scale_inv"]);
            return codes * scales.repeat_interleave(4, 0).narrow(0, 0, codes.shape[0]).repeat_interleave(4, 1).narrow(1, 0, 6);
        }
        var (halves, both) = (torch.stack([Decoded("gate"), Decoded("up")]), Decoded("both").view(2, 14, 6));
        for (var rank = 0; rank < ranks; rank++)
        {
            using var model = new FormParts(new Topology(rank, ranks), fused: false);
            _files.Load(model, tensors);
            Same(halves.narrow(1, rank * 14 / ranks, 14 / ranks).reshape(-1, 6), model.Halves!, "halves");
            Same(both.narrow(1, rank * 14 / ranks, 14 / ranks).reshape(-1, 6), model.Both!, "both");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_form_of_the_author_is_read_like_a_published_one(int ranks)
    {
        // 150 codes of 3 bits fill 14 words and two bits, and run on over the ends of words.
        using var scope = NewDisposeScope();
        var random = new Random(3);
        var codes = new int[5, 150];
        var words = new int[5 * 15];
        for (var (row, column) = (0, 0); row < 5; (row, column) = column < 149 ? (row, column + 1) : (row + 1, 0))
        {
            codes[row, column] = random.Next(8);
            for (var bit = 0; bit < 3; bit++)
            {
                var at = (column * 3) + bit;
                words[(row * 15) + (at / 32)] |= ((codes[row, column] >> bit) & 1) << (at % 32);
            }
        }
        var (levels, steps) = (torch.randn(8), torch.randn(5, 3));
        var (level, step) = (levels.data<float>().ToArray(), steps.data<float>().ToArray());
        var tensors = new Dictionary<string, Tensor> { ["up_proj.weight_step"] = steps, ["up_proj.weight_codes"] = torch.tensor(words, [5, 15]), ["up_proj.weight_levels"] = levels };
        for (var rank = 0; rank < ranks; rank++)
        {
            using var model = new OwnForm(new Topology(rank, ranks));
            _files.Load(model, tensors);
            var first = rank * 150 / ranks;
            Bits.Are(model.Up, at => level[codes[at[0], first + at[1]]] * step[(at[0] * 3) + ((first + at[1]) / 64)]);
        }
    }

    private void Check(string name, string form, Func<Topology, long[], ScalarType, IParameterModule> make, Func<IParameterModule, Tensor> weight, Func<Tensor, Tensor> turned, int rowsAt, int othersAt, int rows, int others)
    {
        using var stored = new EncodingCase(name);
        var (tensors, whole) = (stored.Stored("p"), stored.Values());
        var shape = whole.shape;
        var expected = turned(whole);
        foreach (var tensorSize in Divisors(shape[rows]))
        {
            foreach (var expertSize in Divisors(shape[others]))
            {
                for (var (rank, random) = (0, new Random(7)); rank < Math.Min(tensorSize * expertSize, 6); rank++)
                {
                    var topology = new Topology(rank % tensorSize, tensorSize, rank / tensorSize % expertSize, expertSize);
                    var (r, o) = (shape[rows] / tensorSize, shape[others] / expertSize);
                    var part = expected.narrow(rowsAt, topology.TensorRank * r, r).narrow(othersAt, topology.ExpertRank * o, o).contiguous();
                    foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16 })
                    {
                        using var model = (nn.Module)make(topology, shape, type);
                        var options = new LoadOptions { Format = form };
                        if (type == ScalarType.BFloat16)
                        {
                            using var refit = ((IParameterModule)model).BeginRefit(options: options);
                            foreach (var tensor in tensors.OrderBy(_ => random.Next())) refit.Write(tensor.Key, tensor.Value);
                            refit.Commit();
                        }
                        else
                        {
                            _files.Load((IParameterModule)model, tensors, options);
                        }
                        Same(part.to_type(type), weight((IParameterModule)model), $"{topology} {type}");
                    }
                }
            }
        }
    }

    private static void Same(Tensor expected, Tensor actual, string what)
    {
        Assert.Equal(expected.shape, actual.shape);
        using var scope = NewDisposeScope();
        var (left, right) = (expected.to_type(ScalarType.Float32).contiguous().data<float>().ToArray(), actual.to_type(ScalarType.Float32).contiguous().data<float>().ToArray());
        for (var i = 0; i < left.Length; i++)
            Assert.True((float.IsNaN(left[i]) && float.IsNaN(right[i])) || BitConverter.SingleToInt32Bits(left[i]) == BitConverter.SingleToInt32Bits(right[i]), $"{what}, {i}: {left[i]:G9}, not {right[i]:G9}");
    }

    private static IEnumerable<int> Divisors(long size) => new[] { 1, 2, 3, 5, 7 }.Where(ranks => size % ranks == 0).Take(3);
}
