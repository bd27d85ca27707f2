extern alias runtime;

using runtime::Lanyard;
using runtime::Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>A model as a load sees it, on the meta device, of the type that the compiler finds in the list.</summary>
/// <param name="make">Makes the model; each type has one of its own.</param>
internal sealed class LoadedModel(Func<IParameterModule> make) : IDisposable
{
    private readonly Dictionary<string, IParameterModule> _modules = new(StringComparer.Ordinal);

    /// <summary>The model of a type.</summary>
    public IParameterModule Of(string type)
    {
        if (_modules.TryGetValue(type, out var module)) return module;
        return _modules[type] = make().OnRank(null, type switch { "BF16" => torch.ScalarType.BFloat16, "F16" => torch.ScalarType.Float16, _ => torch.ScalarType.Float32 }, torch.META);
    }

    /// <summary>What is wrong with a checkpoint; null where the model takes it.</summary>
    public string? Refusal(IReadOnlyCollection<CheckpointTensor> headers, string type)
    {
        try
        {
            LoadPlan.Check(Of(type), headers);
            return null;
        }
        catch (LoadException e)
        {
            // A refusal is an answer here.
            return e.Message;
        }
    }

    public void Dispose()
    {
        foreach (var module in _modules.Values) (module as IDisposable)?.Dispose();
    }
}
