using Lanyard.Tests.Export;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>Files of a case, in folders that go with it, and every way in which tensors come and go.</summary>
internal sealed class PlacesScene : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-places-");

    public static IEnumerable<RefitMode> Modes => [RefitMode.Staged, RefitMode.InPlace];

    public TensorFiles Files { get; } = new();

    public string At(string name) => Path.Combine(_directory.FullName, name);

    public static Dictionary<string, Tensor> Tensors(params (string Name, float[] Values)[] tensors) => tensors.ToDictionary(tensor => tensor.Name, tensor => torch.tensor(tensor.Values));

    public static float[] Values(Tensor tensor)
    {
        using var flat = tensor.to_type(ScalarType.Float32).flatten();
        return flat.data<float>().ToArray();
    }

    /// <summary>Refits with whole tensors, one by one in a given order.</summary>
    public static LoadReport Refit(IParameterModule model, IEnumerable<KeyValuePair<string, Tensor>> tensors, RefitMode mode, RefitScope scope = RefitScope.Whole)
    {
        using var refit = model.BeginRefit(mode, scope);
        foreach (var (name, tensor) in tensors) refit.Write(name, tensor);
        return refit.Commit();
    }

    /// <summary>Refits with chunks of a few elements along the first axis, the last one first; scalars whole.</summary>
    public static LoadReport Streamed(IParameterModule model, IEnumerable<KeyValuePair<string, Tensor>> tensors, RefitMode mode)
    {
        using var refit = model.BeginRefit(mode);
        foreach (var (name, tensor) in tensors.Reverse())
        {
            if (tensor.dim() == 0)
            {
                refit.Write(name, tensor);
                continue;
            }
            for (var at = tensor.shape[0]; at > 0; at -= 1)
            {
                using var chunk = tensor.narrow(0, at - 1, 1);
                refit.Write(name, chunk, [at - 1, .. new long[tensor.dim() - 1]]);
            }
        }
        return refit.Commit();
    }

    public static LoadReport Patch(IParameterModule model, string name, RefitMode mode, params (long Index, float Value)[] elements)
    {
        using var refit = model.BeginRefit(mode, RefitScope.Subset);
        using Tensor indices = torch.tensor(elements.Select(element => element.Index).ToArray()), values = torch.tensor(elements.Select(element => element.Value).ToArray());
        refit.Patch(name, indices, values);
        return refit.Commit();
    }

    /// <summary>Exports a model and checks what is written, to the bit.</summary>
    public void Exports(IParameterModule model, IEnumerable<KeyValuePair<string, Tensor>> expected, string? format = null)
    {
        var folder = At($"{Guid.NewGuid():N}");
        model.Export(folder, new ExportOptions { Format = format });
        Assert.Equal(ExportScene.Stored(expected), ExportScene.Stored(folder));
    }

    /// <summary>Exports ranks, puts them together and checks the whole, to the bit.</summary>
    public void Merges(IEnumerable<IParameterModule> ranks, IEnumerable<KeyValuePair<string, Tensor>> expected, string? format = null)
    {
        var folder = At($"{Guid.NewGuid():N}");
        var parts = new List<string>();
        foreach (var rank in ranks)
        {
            parts.Add(Path.Combine(folder, $"{parts.Count}"));
            rank.Export(parts[^1], new ExportOptions { Format = format });
        }
        CheckpointMerge.Merge(parts, Path.Combine(folder, "whole"));
        Assert.Equal(ExportScene.Stored(expected), ExportScene.Stored(Path.Combine(folder, "whole")));
    }

    public ExportException NotExported(IParameterModule model, string? format = null) =>
        Assert.Throws<ExportException>(() => model.Export(At($"{Guid.NewGuid():N}"), new ExportOptions { Format = format }));

    public void Dispose()
    {
        Files.Dispose();
        _directory.Delete(recursive: true);
    }
}
