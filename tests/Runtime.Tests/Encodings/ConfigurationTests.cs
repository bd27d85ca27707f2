using Lanyard.Checkpoints;
using Lanyard.Published;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>A number of blocks proves nothing: what the configuration beside a checkpoint says of their size is compared with what the source declares.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly List<Checkpoint> _open = [];

    public void Dispose()
    {
        _open.ForEach(checkpoint => checkpoint.Dispose());
        _scope.Dispose();
        _folder.Dispose();
    }

    /// <summary>Tensors of 192 rows and columns in a form, with as many blocks as it declares.</summary>
    private static Dictionary<string, Tensor> Tensors(string form) => form switch
    {
        nameof(Fp8Block128) => new() { ["p.weight"] = ones(192, 192, dtype: ScalarType.Int8), ["p.weight_scale_inv"] = ones(2, 2) },
        nameof(Fp8) => new() { ["p.weight"] = ones(192, 192, dtype: ScalarType.Int8), ["p.weight_scale"] = ones(192, 1) },
        nameof(Int4Group128) => new() { ["p.weight_packed"] = zeros(192, 24, dtype: ScalarType.Int32), ["p.weight_scale"] = ones(192, 2) },
        nameof(Int4Channel) => new() { ["p.weight_packed"] = zeros(192, 24, dtype: ScalarType.Int32), ["p.weight_scale"] = ones(192, 1) },
        nameof(Mxfp4DeepSeekV4) => new() { ["p.weight"] = zeros(192, 96, dtype: ScalarType.Int8), ["p.scale"] = full([192, 6], 127, dtype: ScalarType.Byte) },
        nameof(Gptq4Group128) => new()
        {
            ["p.qweight"] = zeros(24, 192, dtype: ScalarType.Int32),
            ["p.qzeros"] = zeros(2, 24, dtype: ScalarType.Int32),
            ["p.scales"] = ones(2, 192),
            ["p.g_idx"] = arange(192, dtype: ScalarType.Int32).div(128, RoundingMode.floor).to_type(ScalarType.Int32),
        },
        nameof(Gptq4Group32V2) => new()
        {
            ["p.qweight"] = zeros(24, 192, dtype: ScalarType.Int32),
            ["p.qzeros"] = zeros(6, 24, dtype: ScalarType.Int32),
            ["p.scales"] = ones(6, 192),
            ["p.g_idx"] = arange(192, dtype: ScalarType.Int32).div(32, RoundingMode.floor).to_type(ScalarType.Int32),
        },
        nameof(Awq4Group128) => new() { ["p.qweight"] = zeros(192, 24, dtype: ScalarType.Int32), ["p.qzeros"] = zeros(2, 24, dtype: ScalarType.Int32), ["p.scales"] = ones(2, 192) },
        _ => throw new ArgumentException(form, nameof(form)),
    };

    private Checkpoint Stored(Dictionary<string, Tensor> tensors, Dictionary<string, string>? metadata = null)
    {
        CheckpointWriter.WriteDirectory(_folder.Path, tensors.Select(tensor => (tensor.Key, tensor.Value)), metadata);
        _open.Add(Checkpoint.Open(_folder.Path));
        return _open[^1];
    }

    private static FormMatrix Matrix() => new(null, 192, 192, ScalarType.Float32);

    private static LoadOptions In(string form) => new() { Format = form };

    [Theory]
    [InlineData(nameof(Fp8Block128), "config.json", """{"quantization_config":{"quant_method":"fp8","weight_block_size":[96,96]}}""", "weight_block_size [96, 96]")]
    [InlineData(nameof(Fp8Block128), "config.json", """{"quantization_config":{"weight_block_size":[96,128],"quant_method":"fp8"}}""", "weight_block_size [96, 128]")]
    [InlineData(nameof(Fp8Block128), "config.json", """{"text_config":{"quantization_config":{"quant_method":"fp8","weight_block_size":[96,96]}}}""", "weight_block_size [96, 96]")]
    [InlineData(nameof(Fp8Block128), "config.json", """{"quantization_config":{"quant_method":"compressed-tensors","config_groups":{"group_0":{"weights":{"num_bits":8,"strategy":"block","block_structure":[96,96]}}}}}""", "block_structure [96, 96]")]
    [InlineData(nameof(Int4Group128), "config.json", """{"quantization_config":{"config_groups":{"group_0":{"input_activations":{"group_size":128,"num_bits":4},"weights":{"group_size":96,"num_bits":4}}}}}""", "group_size 96")]
    [InlineData(nameof(Int4Group128), "config.json", """{"compression_config":{"config_groups":{"group_0":{"weights":{"num_bits":4,"group_size":96}},"group_1":{"weights":{"num_bits":8,"group_size":128}}}}}""", "group_size 96")]
    [InlineData(nameof(Int4Group128), "hf_quant_config.json", """{"producer":{"name":"modelopt"},"quantization":{"quant_algo":"W4A16_AWQ","group_size":96}}""", "group_size 96")]
    [InlineData(nameof(Gptq4Group128), "quantize_config.json", """{"bits":4,"group_size":96,"desc_act":false}""", "group_size 96")]
    [InlineData(nameof(Gptq4Group128), "config.json", """{"quantization_config":{"bits":4,"group_size":-1,"quant_method":"gptq"}}""", "group_size -1")]
    [InlineData(nameof(Awq4Group128), "quant_config.json", """{"zero_point":true,"q_group_size":96,"w_bit":4,"version":"GEMM"}""", "q_group_size 96")]
    [InlineData(nameof(Gptq4Group128), "config.json", """{"quantization_config":{"bits":4,"group_size":128,"quant_method":"gptq","checkpoint_format":"gptq_v2"}}""", "checkpoint_format gptq_v2")]
    [InlineData(nameof(Gptq4Group32V2), "config.json", """{"quantization_config":{"bits":4,"group_size":32,"quant_method":"gptq","checkpoint_format":"gptq"}}""", "checkpoint_format gptq")]
    [InlineData(nameof(Awq4Group128), "config.json", """{"quantization_config":{"quant_method":"awq","bits":4,"group_size":128,"version":"gemv"}}""", "version gemv")]
    public void What_a_shape_does_not_tell_is_refused_with_file_found_and_expected(string form, string file, string json, string found)
    {
        var tensors = Tensors(form);
        var checkpoint = Stored(tensors);
        using FormMatrix fresh = Matrix(), live = Matrix();
        LoadPlan.Create(live, checkpoint, In(form)).Execute();
        File.WriteAllText(_folder.At(file), json);

        checkpoint = Stored(tensors);
        Check(Assert.Throws<LoadException>(() => LoadPlan.Create(fresh, checkpoint, In(form))));
        var before = Bits.Of(live.Weight);
        Check(Refused(live, form, refit => refit.Write(checkpoint)));
        Check(Refused(live, form, refit => refit.Write(checkpoint.Tensors.ToDictionary(item => item.Key, item => checkpoint.View(item.Value)))));
        Check(Refused(live, form, refit =>
        {
            foreach (var (name, stored) in checkpoint.Tensors)
            {
                using var view = checkpoint.View(stored);
                refit.Write(name, view);
            }
        }));
        Assert.Equal(before, Bits.Of(live.Weight));

        void Check(LoadException error)
        {
            var problem = Assert.Single(error.Problems);
            Assert.Equal((LoadProblemKind.WrongConfiguration, tensors.Keys.First(), "weight", $"{found} in {file}"), (problem.Kind, problem.Tensor, problem.Parameter, problem.Found));
            Assert.Contains($"Lanyard.Published.{form} declares", problem.Expected, StringComparison.Ordinal);
            Assert.Contains("; declare what the file was written with, or correct the configuration (parameter weight)", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(nameof(Fp8Block128), "config.json", """{"quantization_config":{"quant_method":"fp8","weight_block_size":[128,128]}}""")]
    [InlineData(nameof(Fp8Block128), "config.json", """{"quantization_config":{"quant_method":"fp8","weight_block_size":null}}""")]
    [InlineData(nameof(Fp8Block128), "config.json", """{"quantization_config":null,"hidden_size":[1,{"weight_block_size":[96,96]}]}""")]
    [InlineData(nameof(Fp8Block128), "config.json", "{}")]
    [InlineData(nameof(Fp8Block128), "config.json", "\uFEFF{}")]
    [InlineData(nameof(Fp8Block128), "config.json", """{"quantization_config":{"config_groups":{"a":{"weights":{"num_bits":4,"group_size":96}}}}}""")]
    [InlineData(nameof(Fp8), "config.json", """{"quantization_config":{"quant_method":"fp8","weight_block_size":[128,128]}}""")]
    [InlineData(nameof(Mxfp4DeepSeekV4), "config.json", """{"expert_dtype":"fp4","quantization_config":{"quant_method":"fp8","scale_fmt":"ue8m0","weight_block_size":[128,128]}}""")]
    [InlineData(nameof(Int4Group128), "config.json", """{"quantization_config":{"config_groups":{"a":{"weights":{"num_bits":4,"group_size":32}},"b":{"weights":{"num_bits":4,"group_size":128}}}}}""")]
    [InlineData(nameof(Int4Group128), "config.json", """{"quantization_config":{"group_size":"128","num_bits":4}}""")]
    [InlineData(nameof(Int4Channel), "config.json", """{"quantization_config":{"config_groups":{"a":{"weights":{"num_bits":4,"group_size":null,"strategy":"channel"}}}}}""")]
    [InlineData(nameof(Gptq4Group128), "quantize_config.json", """{"bits":4,"group_size":128,"checkpoint_format":"gptq"}""")]
    [InlineData(nameof(Awq4Group128), "quant_config.json", """{"q_group_size":128,"w_bit":4,"version":"GEMM"}""")]
    public void What_agrees_or_says_nothing_is_taken(string form, string file, string json)
    {
        File.WriteAllText(_folder.At(file), json);
        using var matrix = Matrix();
        LoadPlan.Create(matrix, Stored(Tensors(form)), In(form)).Execute();
    }

    [Fact]
    public void Blocks_that_are_larger_than_their_axes_are_all_of_them()
    {
        File.WriteAllText(_folder.At("config.json"), """{"quantization_config":{"quant_method":"fp8","weight_block_size":[256,256]}}""");
        using var matrix = new FormMatrix(null, 96, 128, ScalarType.Float32);
        LoadPlan.Create(matrix, Stored(new() { ["p.weight"] = ones(96, 128, dtype: ScalarType.Int8), ["p.weight_scale_inv"] = ones(1, 1) }), In(nameof(Fp8Block128))).Execute();
    }

    [Fact]
    public void The_short_spelling_is_compared_too()
    {
        File.WriteAllText(_folder.At("config.json"), """{"quantization_config":{"quant_method":"fp8","weight_block_size":[5,5]}}""");
        using var linear = new FormatsLinear(6, 6);
        var problem = Assert.Single(Assert.Throws<LoadException>(() => LoadPlan.Create(linear, Stored(new() { ["weight"] = ones(6, 6, dtype: ScalarType.Int8), ["weight_scale_inv"] = ones(2, 2) }), In(""))).Problems);
        Assert.Equal(("scale of blocks \"4 4\", as numbers with scales declares", "weight_block_size [5, 5] in config.json"), (problem.Expected, problem.Found));
    }

    [Theory]
    [InlineData(96, true)]
    [InlineData(128, false)]
    public void So_are_scales_that_stay_as_they_are(int size, bool refused)
    {
        File.WriteAllText(_folder.At("config.json"), """{"quantization_config":{"quant_method":"fp8","weight_block_size":[SIZE,SIZE]}}""".Replace("SIZE", $"{size}", StringComparison.Ordinal));
        using var layer = new KeptScales(192, 192);
        var checkpoint = Stored(new() { ["p.weight"] = zeros(192, 96, dtype: ScalarType.Byte), ["p.weight_scale_inv"] = ones(2, 2) });
        var error = Record.Exception(() => LoadPlan.Create(layer, checkpoint));
        if (refused) Assert.Equal(("p.weight_scale_inv", "blocks of \"blocks(rows, 128) blocks(columns, 128)\""), (Assert.Single(Assert.IsType<LoadException>(error).Problems).Tensor, ((LoadException)error!).Problems[0].Expected));
        else Assert.Null(error);
    }

    [Fact]
    public void Metadata_of_the_file_count_as_a_configuration()
    {
        using var matrix = Matrix();
        var checkpoint = Stored(Tensors(nameof(Gptq4Group128)), new() { ["gptq_bits"] = "4", ["gptq_group_size"] = "96" });
        Assert.Equal("gptq_group_size 96 in the metadata of model.safetensors", Assert.Single(Assert.Throws<LoadException>(() => LoadPlan.Create(matrix, checkpoint, In(nameof(Gptq4Group128)))).Problems).Found);
    }

    [Theory]
    [InlineData("[]", "a configuration must be an object")]
    [InlineData("{\"quantization_config\":{", "invalid JSON")]
    [InlineData("{} {}", "something follows")]
    public void A_configuration_that_is_none_is_refused_with_its_file_where_it_is_asked_for(string json, string message)
    {
        File.WriteAllText(_folder.At("config.json"), json);
        using var matrix = Matrix();
        var checkpoint = Stored(Tensors(nameof(Int4Group128)));
        var error = Assert.Throws<CheckpointException>(() => LoadPlan.Create(matrix, checkpoint, In(nameof(Int4Group128))));
        Assert.Contains("config.json", error.FileName, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);

        // Of plain numbers nobody asks.
        using var plain = new TinyProjection(10, 6);
        LoadPlan.Create(plain, Stored(new() { ["weight"] = randn(10, 6) })).Execute();
    }

    private static LoadException Refused(IParameterModule model, string form, Action<RefitSession> write)
    {
        using var refit = model.BeginRefit(options: In(form));
        write(refit);
        return Assert.Throws<LoadException>(() => refit.Commit());
    }
}
