using Lanyard.Models.Layers;
using TorchSharp;

namespace Lanyard.Models.Tests.Families;

/// <summary>Families have <see cref="CausalLM"/> in common, which is annotated in none of them alone: the same object as what it also is.</summary>
internal static class CausalTree
{
    public static IParameterModule Tree(this CausalLM model) => (IParameterModule)model;

    public static T OnRank<T>(this T model, Topology? topology = null, torch.ScalarType? type = null, torch.Device? device = null)
        where T : CausalLM
    {
        model.Tree().OnRank(topology, type, device);
        return model;
    }
}
