using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using Lanyard.Models.Tests.Llama4;
using Lanyard.Tests;
using Lanyard.Tests.Fuzz;
using TorchSharp;
using Xunit.Abstractions;

namespace Lanyard.Models.Tests.Faults;

/// <summary>Whatever is done to a configuration, it is refused with the exception that names it, or a model can be made from it.</summary>
[Trait("Category", "Faults")]
public sealed class ChangedConfigTests(ITestOutputHelper output) : IDisposable
{
    private const int Seconds = 10;

    // A model without memory takes time for its layers and experts, and memory for the frequencies of a head.
    private const int MostLayers = 16;
    private const int MostExperts = 256;
    private const int WidestHead = 1 << 16;

    private static readonly string[] Bases =
    [
        Configs.Flat().ToJsonString(), Configs.Nested().ToJsonString(), File.ReadAllText(Fixtures.Path("llama4", "config.json")),
        File.ReadAllText(Fixtures.Path("manifests", "llama-4-scout-17b-16e-instruct.config.json")),
    ];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-config-");
    private readonly Checkpoint _checkpoint = Checkpoint.Open(Fixtures.Path("llama4"));

    public void Dispose()
    {
        _checkpoint.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void A_changed_configuration_is_refused_or_makes_a_model()
    {
        var counts = FuzzTime.Run(ConfigCase.Gen, Seconds, Check, item => $"{item}", output);

        Assert.True(new[] { "refused", "misfit", "fits" }.All(counts.ContainsKey), string.Join(", ", counts));
    }

    private string Check(ConfigCase item)
    {
        var json = new MutatedJson(Bases[item.Base % Bases.Length], item.Json).Bytes();
        var path = Path.Combine(_directory.FullName, "config.json");
        File.WriteAllBytes(path, item.Bytes.Aggregate(json, (bytes, change) => change.Apply(bytes)));
        try
        {
            var config = Llama4Config.Load(_directory.FullName);
            config.Validate();
            if (config.Layers.Length > MostLayers || config.NumLocalExperts > MostExperts || config.HeadDim > WidestHead) return "large";
            using var model = Llama4ForCausalLM.FromConfig(_directory.FullName, device: torch.META);
            LoadPlan.Check(model, _checkpoint.Tensors.Values);
            return "fits";
        }
        catch (ConfigException e)
        {
            Assert.StartsWith($"{path} cannot be used:", e.Message);
            Assert.NotEmpty(e.Problems);
            Assert.DoesNotContain(e.Message, c => char.IsControl(c) && c is not ('\r' or '\n'));
            return "refused";
        }
        catch (LoadException)
        {
            return "misfit";
        }
    }
}
