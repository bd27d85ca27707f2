extern alias runtime;

using runtime::Lanyard;
using runtime::Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>A model as a load sees it, in each type that models compute in: the compiler takes that one by which all tensors fit.</summary>
/// <param name="make">Makes an instance.</param>
internal sealed class LoadedModel(Func<IParameterModule> make) : IDisposable
{
    private static readonly torch.ScalarType[] Types = [torch.ScalarType.BFloat16, torch.ScalarType.Float32, torch.ScalarType.Float16];

    private readonly Dictionary<torch.ScalarType, IParameterModule> _models = [];

    /// <summary>The instance of a type, on the meta device.</summary>
    public IParameterModule this[torch.ScalarType type]
    {
        get
        {
            if (!_models.TryGetValue(type, out var model)) _models[type] = model = make().OnRank(null, type, torch.META);
            return model;
        }
    }

    /// <summary>What is wrong with a checkpoint in the type in which least is; null where a type takes it.</summary>
    /// <param name="headers">The tensors.</param>
    /// <param name="types">In how many types it is tried.</param>
    public string? Refusal(IReadOnlyCollection<CheckpointTensor> headers, int types = 3)
    {
        var refusal = (string?)null;
        foreach (var type in Types.Take(types))
        {
            try
            {
                LoadPlan.Check(this[type], headers);
                return null;
            }
            catch (LoadException e)
            {
                // A refusal is an answer here.
                if (refusal is null || e.Message.Length < refusal.Length) refusal = e.Message;
            }
        }
        return refusal;
    }

    public void Dispose()
    {
        foreach (var model in _models.Values) (model as IDisposable)?.Dispose();
    }
}
