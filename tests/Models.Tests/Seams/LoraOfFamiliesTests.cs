using System.Text.Json;
using Lanyard.Checkpoints;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Tests.Seams;

/// <summary>
/// Adapters of every product of every family: beside the base they come through the layers, merged through the map and a refit. Both compute the same where rows and columns are found rightly,
/// on every rank.
/// </summary>
public sealed class LoraOfFamiliesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lanyard-lora-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("llama3", 2, "")]
    [InlineData("qwen2", 2, "")]
    [InlineData("qwen3", 2, "")]
    [InlineData("qwen3-moe", 2, "experts.#.down_proj,experts.#.gate_proj,experts.#.up_proj")]
    [InlineData("mixtral", 2, "experts.#.down_proj,experts.#.gate_proj,experts.#.up_proj")]
    [InlineData("llama4", 2, "")]
    [InlineData("qwen3-5", 1, "")]
    [InlineData("qwen3-5-moe", 2, "experts.#.down_proj,experts.#.gate_proj,experts.#.up_proj")]
    [InlineData("gpt-oss", 2, "")]
    [InlineData("gemma4", 1, "")]
    [InlineData("gemma4-moe", 2, "")]
    [InlineData("minimax-m2", 2, "experts.#.down_proj,experts.#.gate_proj,experts.#.up_proj")]
    [InlineData("nemotron-h", 2, "experts.#.down_proj,experts.#.up_proj")]
    [InlineData("deepseek-v3", 2, "experts.#.down_proj,experts.#.gate_proj,experts.#.up_proj,self_attn.kv_b_proj")]
    [InlineData("glm-moe-dsa", 1, "experts.#.down_proj,experts.#.gate_proj,experts.#.up_proj,self_attn.kv_b_proj")]
    [InlineData("deepseek-v4", 3, "attn.wo_a,experts.#.w1,experts.#.w2,experts.#.w3")]
    public void Beside_and_merged_agree(string family, int ranks, string merged)
    {
        using var expected = ExpectedOutputs.Read(Fixtures.Path(family));
        var paths = Paths(family);
        Write(paths);

        // What takes none says so, and is merged all the same.
        string[] refused = [];
        using (var model = Model(family, Topology.Single))
        {
            try
            {
                Tree(model).AttachLora(_folder).Dispose();
            }
            catch (LoraException e)
            {
                refused = [.. e.Problems.Select(problem => problem.Name[..^".weight".Length])];
            }
            using var all = Tree(model).MergeLora(_folder);
            Assert.Equal(paths.Count, all.Tensors.Count);
        }
        Assert.Equal(merged, string.Join(",", refused.Select(Ending).Distinct().Order(StringComparer.Ordinal)));
        Write(paths.Where(path => !refused.Contains(path.Key)));
        foreach (var count in new[] { 1, ranks }.Distinct())
        {
            var differences = InProcessRanks.Run(count, 1, (topology, collectives) =>
            {
                using var _ = no_grad();
                using var model = Model(family, topology);
                Tree(model).Join(collectives);
                using var plain = model.call(expected.InputIds);
                var lora = Tree(model).AttachLora(_folder);
                using var beside = model.call(expected.InputIds);
                lora.Dispose();
                using var merge = Tree(model).MergeLora(_folder);
                using var within = model.call(expected.InputIds);
                return (ExpectedOutputs.LargestDifference(beside, within), ExpectedOutputs.LargestDifference(beside, plain));
            });
            Assert.All(differences, difference =>
            {
                Assert.InRange(difference.Item1, 0, 2e-4);
                Assert.True(difference.Item2 > 1e-2);
            });
        }
    }

    [Fact]
    public void What_kernels_multiply_with_instead_is_adapted_where_there_are_no_kernel_layouts()
    {
        using var expected = ExpectedOutputs.Read(Fixtures.Path("deepseek-v3"));
        Write(Paths("deepseek-v3").Where(path => path.Key.EndsWith("kv_b_proj", StringComparison.Ordinal)));
        using var _ = no_grad();
        using var absorbed = Model("deepseek-v3", Topology.Single);
        Assert.Contains("Absorb makes LatentAttention.KeyUp of it", Assert.Throws<LoraException>(() => Tree(absorbed).AttachLora(_folder)).Message, StringComparison.Ordinal);
        using var merge = Tree(absorbed).MergeLora(_folder);
        using var model = (Module<Tensor, Tensor>)AutoModel.FromPretrained(Fixtures.Path("deepseek-v3"), new PretrainedOptions { Type = ScalarType.Float32, KernelLayouts = false });
        using var lora = Tree(model).AttachLora(_folder);
        using Tensor beside = model.call(expected.InputIds), within = absorbed.call(expected.InputIds);
        Assert.InRange(ExpectedOutputs.LargestDifference(beside, within), 0, 2e-4);
    }

    /// <summary>The weights with rows and columns that are no embedding, by their modules, with their shapes.</summary>
    private static Dictionary<string, (long Out, long In)> Paths(string family)
    {
        using var model = Model(family, Topology.Single);
        return Tree(model).ExpectedTensors()
            .Where(tensor => tensor.Shape.Length == 2 && tensor.Name.EndsWith(".weight", StringComparison.Ordinal) && !tensor.Name.Contains("embed", StringComparison.Ordinal))
            .DistinctBy(tensor => tensor.Name)
            .ToDictionary(tensor => tensor.Name[..^".weight".Length], tensor => (tensor.Shape[0], tensor.Shape[1]));
    }

    private static string Ending(string path) => NameFolding.Shape(path).Split('.') is var parts && parts.Contains("experts") ? string.Join('.', parts[Array.IndexOf(parts, "experts")..]) : string.Join('.', parts[^2..]);

    private void Write(IEnumerable<KeyValuePair<string, (long Out, long In)>> paths)
    {
        using var scope = NewDisposeScope();
        using var generator = new torch.Generator(7);
        var tensors = paths.SelectMany(path => new[]
        {
            ($"base_model.model.{path.Key}.lora_A.weight", randn([3, path.Value.In], generator: generator).Times(0.1)),
            ($"base_model.model.{path.Key}.lora_B.weight", randn([path.Value.Out, 3], generator: generator).Times(0.1)),
        }).ToList();
        CheckpointWriter.Write(Path.Combine(_folder, "adapter_model.safetensors"), tensors);
        File.WriteAllText(Path.Combine(_folder, "adapter_config.json"), $$"""{"peft_type": "LORA", "r": 3, "lora_alpha": 4, "target_modules": {{JsonSerializer.Serialize(paths.Select(path => path.Key))}}}""");
    }

    private static Module<Tensor, Tensor> Model(string family, Topology topology) => (Module<Tensor, Tensor>)(family switch
    {
        // Which the tests have, too, as a family of somebody else's.
        "qwen3" => AutoModel.FromPretrained<Models.Qwen3.Qwen3ForCausalLM>(Fixtures.Path(family), new PretrainedOptions { Type = ScalarType.Float32, Topology = topology }),
        _ => AutoModel.FromPretrained(Fixtures.Path(family), new PretrainedOptions { Type = ScalarType.Float32, Topology = topology }),
    });

    private static IParameterModule Tree(Module model) => (IParameterModule)model;
}
