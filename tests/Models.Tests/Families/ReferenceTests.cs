using Lanyard.Checkpoints;
using Lanyard.Models.Layers;
using Lanyard.Models.Qwen3;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>From checkpoints that transformers wrote to their logits, in float32, within 1e-4; the noise of the references is below 3e-5.</summary>
public sealed class ReferenceTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    public static TheoryData<string> Forms =>
    [
        "llama3", "llama3-tied", "llama4", "llama4-published", "llama4-per-expert", "qwen2", "qwen2-tied", "qwen3", "mixtral", "qwen3-moe", "gpt-oss", "gpt-oss-mxfp4", "minimax-m2", "minimax-m2-fp8", "qwen3-5", "qwen3-5-published", "qwen3-5-moe", "qwen3-5-moe-published", "qwen3-5-moe-published-per-expert",
        "gemma4", "gemma4-published", "gemma4-moe", "gemma4-moe-published", "nemotron-h", "deepseek-v4", "deepseek-v4-quantised", "deepseek-v3", "deepseek-v3-fp8", "glm-moe-dsa", "glm-moe-dsa-shared",
    ];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Forms))]
    public void Logits_are_those_of_the_reference_at_first_and_after_refits(string form)
    {
        using var model = Load(form);
        AssertLogits(model, form);
    }

    /// <summary>The families that have layouts for kernels.</summary>
    public static TheoryData<string> KernelForms => ["llama4", "llama4-published", "llama4-per-expert", "deepseek-v3", "deepseek-v3-fp8", "glm-moe-dsa", "glm-moe-dsa-shared"];

    [Theory]
    [MemberData(nameof(KernelForms))]
    public void Without_kernel_layouts_they_are_the_same(string form)
    {
        using var model = Load(form, new PretrainedOptions { Type = ScalarType.Float32, KernelLayouts = false });
        using var absorbed = Load(form);
        Assert.True(model.parameters().Sum(parameter => parameter.numel()) < absorbed.parameters().Sum(parameter => parameter.numel()));
        AssertLogits(model, form);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Greedy_tokens_are_too(string form)
    {
        using var model = Load(form);
        using var scope = NewDisposeScope();
        using var expected = ExpectedOutputs.Read(Fixtures.Path(Of(form)));
        var generated = model.Generate(expected.GeneratedIds[.., ..9], newTokens: 24);
        Assert.Equal(expected.GeneratedIds.data<long>().ToArray(), generated.contiguous().data<long>().ToArray());
    }

    /// <summary>The forms whose values are stored as they are; Llama 4's others have tests of their own.</summary>
    public static TheoryData<string> PlainForms =>
    [
        "llama3", "llama3-tied", "llama4", "qwen2", "qwen2-tied", "qwen3", "mixtral", "qwen3-moe", "gpt-oss", "minimax-m2", "qwen3-5", "qwen3-5-published", "qwen3-5-moe", "qwen3-5-moe-published", "qwen3-5-moe-published-per-expert",
        "gemma4", "gemma4-published", "gemma4-moe", "gemma4-moe-published", "nemotron-h", "deepseek-v4", "deepseek-v3", "glm-moe-dsa", "glm-moe-dsa-shared",
    ];

    [Theory]
    [MemberData(nameof(PlainForms))]
    public void An_export_has_the_stored_bits(string form)
    {
        using var model = Load(form, new PretrainedOptions { Type = ScalarType.BFloat16 });
        var folder = Path.Combine(_folder.FullName, "export");
        model.Tree().Export(folder, new ExportOptions { Format = FormatOf(form), Convention = form is "qwen3-5" or "qwen3-5-moe" or "gemma4" or "gemma4-moe" ? "text" : null });
        AssertStored(form, folder);
    }

    [Theory]
    [InlineData("deepseek-v3-fp8")]
    [InlineData("deepseek-v4-quantised")]
    [InlineData("gpt-oss-mxfp4")]
    [InlineData("minimax-m2-fp8")]
    public void An_export_of_kept_codes_has_them_to_the_bit(string form)
    {
        using var model = Load(form, new PretrainedOptions { Type = ScalarType.BFloat16, Load = new LoadOptions { KeepCodes = true } });
        var folder = Path.Combine(_folder.FullName, "codes");
        model.Tree().Export(folder, new ExportOptions { Codes = true });
        AssertStored(form, folder);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Ranks_compute_together_what_one_computes(string form)
    {
        foreach (var (tensorSize, expertSize) in Sizes(form))
        {
            using var whole = Load(form);
            using var expected = ExpectedOutputs.Read(Fixtures.Path(Of(form)));
            using var logits = whole.Logits(expected.InputIds);
            var parts = InProcessRanks.Run(tensorSize, expertSize, (topology, ranks) =>
            {
                using var model = Load(form, new PretrainedOptions { Topology = topology, Type = ScalarType.Float32 });
                Assert.Contains("model.Join(collectives)", Assert.Throws<NotSupportedException>(() => model.Logits(expected.InputIds)).Message, StringComparison.Ordinal);
                model.Tree().Join(ranks);
                using var own = model.Logits(expected.InputIds);
                return ExpectedOutputs.LargestDifference(own, logits);
            });
            Assert.All(parts, difference => Assert.InRange(difference, 0, Tolerance));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Two_pieces_with_a_state_give_what_the_whole_gives(string form)
    {
        using var model = Load(form);
        using var scope = NewDisposeScope();
        using var expected = ExpectedOutputs.Read(Fixtures.Path(Of(form)));
        var states = Enumerable.Range(0, model.BlockCount).Select(_ => new PlainState()).ToList();
        var first = model.Logits(expected.InputIds[.., ..17], 0, states);
        var second = model.Logits(expected.InputIds[.., 17..], 17, states);
        Assert.InRange(ExpectedOutputs.LargestDifference(cat([first, second], 1), model.Logits(expected.InputIds)), 0, Tolerance);
        Assert.Contains("is in no state", Assert.Throws<ArgumentException>(() => model.Logits(expected.InputIds[.., 17..], 17, null)).Message, StringComparison.Ordinal);
        foreach (var state in states) state.Dispose();
    }

    internal static (int Tensor, int Expert)[] Sizes(string form) => form switch
    {
        "llama3" or "llama3-tied" => [(2, 1), (3, 1), (6, 1)],
        "llama4" or "llama4-per-expert" or "llama4-published" => [(2, 1), (4, 2)],
        "qwen2" or "qwen2-tied" => [(2, 1), (3, 1), (6, 1)],
        "qwen3" => [(2, 1), (3, 1), (6, 1)],
        "mixtral" => [(2, 1), (6, 1), (1, 4), (3, 2)],
        "minimax-m2" => [(2, 1), (6, 2), (3, 1)],
        "minimax-m2-fp8" => [(2, 1), (6, 3)],
        "deepseek-v3" => [(2, 1), (4, 2), (1, 8)],
        "deepseek-v3-fp8" => [(3, 1), (1, 4)],
        "glm-moe-dsa" or "glm-moe-dsa-shared" => [(5, 1), (1, 4)],
        "gpt-oss-mxfp4" => [(2, 1), (4, 2)],

        // Of 4 heads and 9 there is no common divisor: its blocks have ranks of their own, and its mixtures below.
        "qwen3-5" or "qwen3-5-published" => [],
        "nemotron-h" => [(2, 1), (1, 7), (2, 3)],
        "qwen3-5-moe" => [(2, 1), (2, 3), (1, 7)],
        "qwen3-5-moe-published" or "qwen3-5-moe-published-per-expert" => [(2, 2)],
        "gemma4" or "gemma4-published" => [(2, 1), (3, 1), (6, 1)],
        "gemma4-moe" or "gemma4-moe-published" => [(2, 1), (3, 2), (6, 5)],
        "deepseek-v4" => [(3, 1), (1, 7), (3, 2)],
        "deepseek-v4-quantised" => [(2, 1), (2, 3)],
        _ => [(2, 1), (4, 3), (1, 5)],
    };

    private static string? FormatOf(string form) => form switch
    {
        "mixtral" or "minimax-m2" => "mixtral",
        "qwen3-5-moe-published" => "fused",
        _ => null,
    };

    // Forms of one model have the same outputs.
    private static string Of(string form) => form.Split("-published")[0].Split("-per-expert")[0];

    private static CausalLM Load(string form) => Load(form, new PretrainedOptions { Type = ScalarType.Float32 });

    // Of Qwen3 this program has another class too, that of the page for authors.
    private static CausalLM Load(string form, PretrainedOptions options) => form == "qwen3"
        ? AutoModel.FromPretrained<Qwen3ForCausalLM>(Fixtures.Path(form), options)
        : (CausalLM)(object)AutoModel.FromPretrained(Fixtures.Path(form), options);

    private static void AssertLogits(CausalLM model, string form)
    {
        Assert.InRange(Difference(model, form), 0, Tolerance);
        foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
        {
            Refit(model, mode, form, "refit");
            Assert.InRange(Difference(model, form, "refit"), 0, Tolerance);
            Refit(model, mode, form);
            Assert.InRange(Difference(model, form), 0, Tolerance);
        }
    }

    private static void Refit(CausalLM model, RefitMode mode, params string[] path)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path(path));
        using var refit = model.Tree().BeginRefit(mode);
        refit.Write(checkpoint);
        refit.Commit();
    }

    private static double Difference(CausalLM model, params string[] path)
    {
        using var expected = ExpectedOutputs.Read(Fixtures.Path([Of(path[0]), .. path[1..]]));
        using var logits = model.Logits(expected.InputIds);
        return ExpectedOutputs.LargestDifference(logits, expected.Logits);
    }

    private static void AssertStored(string form, string folder)
    {
        using var stored = Checkpoint.Open(Fixtures.Path(form));
        using var again = Checkpoint.Open(folder);
        var names = stored.Tensors.Keys.Where(name => !LeftAlone.Contains(form, name)).Order().ToList();
        Assert.Equal(names, again.Tensors.Keys.Order());
        foreach (var (name, tensor) in names.Select(name => (name, stored.Tensors[name]))) Assert.True(stored.View(tensor).bytes.SequenceEqual(again.View(again.Tensors[name]).bytes), name);
    }
}
