using Lanyard.Models.Layers;
using Lanyard.Models.Qwen3;
using Lanyard.Tests;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>Every parameter of every family, from a trainer's ranks without kernel layouts to an engine's with them: bit for bit what each rank would have loaded.</summary>
public sealed class FamilyTransferTests
{
    public static TheoryData<string> Forms => ReferenceTests.Forms;

    [Theory]
    [MemberData(nameof(Forms))]
    public void What_is_transferred_is_what_would_have_been_loaded(string form)
    {
        var size = ReferenceTests.Sizes(form).Select(sizes => sizes.Tensor).FirstOrDefault(size => size > 1, 1);
        foreach (var (from, to) in new[] { ((size, 1), (1, 2)), ((1, 2), (size, 1)), ((1, 1), (size, 2)) })
        {
            var (sources, targets) = (TransferSide.RanksOf(from.Item1, from.Item2), TransferSide.RanksOf(to.Item1, to.Item2, first: 10));
            var given = sources.ToDictionary(rank => rank.Process, rank => Load(form, rank.Topology, kernelLayouts: false));
            var taken = targets.ToDictionary(rank => rank.Process, rank => Load(form, rank.Topology));
            try
            {
                foreach (var model in taken.Values) Spoil(model);
                var plan = TransferPlan.Between(new TransferSide(given[0], sources), new TransferSide(taken[10], targets));
                var sessions = taken.ToDictionary(model => model.Key, model => model.Value.BeginRefit());
                plan.Run(given, sessions);
                foreach (var (process, session) in sessions)
                {
                    using (session) session.Commit();
                    using var loaded = (IDisposable)Load(form, targets.First(rank => rank.Process == process).Topology);
                    AssertSame((IParameterModule)loaded, taken[process]);
                }
            }
            finally
            {
                foreach (var model in given.Values.Concat(taken.Values)) ((IDisposable)model).Dispose();
            }
        }
    }

    [Fact]
    public void Layers_go_onto_pipeline_stages_and_back()
    {
        const string form = "llama4";
        var (whole, stages) = (TransferSide.RanksOf(2), TransferSide.RanksOf(1, expertSize: 2, pipelineSize: 2, first: 2));
        Func<Topology, IParameterModule> make = topology => Load(form, topology);
        var forward = TransferPlan.Between(new TransferSide(make, whole), new TransferSide(make, stages));
        var back = TransferPlan.Between(new TransferSide(make, stages), new TransferSide(make, whole));
        var ranks = whole.ToDictionary(rank => rank.Process, rank => Load(form, rank.Topology));
        var staged = stages.ToDictionary(rank => rank.Process, rank => Load(form, rank.Topology));
        foreach (var model in staged.Values) Spoil(model);
        Run(forward, ranks, staged);
        foreach (var rank in stages)
        {
            using var loaded = (IDisposable)Load(form, rank.Topology);
            AssertSame((IParameterModule)loaded, staged[rank.Process]);
        }
        foreach (var model in ranks.Values) Spoil(model);
        Run(back, staged, ranks);
        foreach (var rank in whole)
        {
            using var loaded = (IDisposable)Load(form, rank.Topology);
            AssertSame((IParameterModule)loaded, ranks[rank.Process]);
        }
        foreach (var model in ranks.Values.Concat(staged.Values)) ((IDisposable)model).Dispose();
    }

    private static void Run(TransferPlan plan, Dictionary<int, IParameterModule> sources, Dictionary<int, IParameterModule> targets)
    {
        var sessions = targets.ToDictionary(model => model.Key, model => model.Value.BeginRefit());
        plan.Run(sources, sessions);
        foreach (var session in sessions.Values)
        {
            using (session) session.Commit();
        }
    }

    private static IParameterModule Load(string form, Topology topology, bool kernelLayouts = true)
    {
        // Of Qwen3 this program has another class too, that of the page for authors.
        var options = new PretrainedOptions { Topology = topology, Type = ScalarType.Float32, KernelLayouts = kernelLayouts };
        var model = form == "qwen3" ? AutoModel.FromPretrained<Qwen3ForCausalLM>(Fixtures.Path(form), options) : (CausalLM)(object)AutoModel.FromPretrained(Fixtures.Path(form), options);
        return model.Tree();
    }

    private static void Spoil(IParameterModule model)
    {
        using var noGrad = no_grad();
        foreach (var (_, parameter) in model.AllParameters()) parameter.Value.mul_(3);
    }

    private static void AssertSame(IParameterModule expected, IParameterModule found)
    {
        foreach (var ((name, left), (_, right)) in expected.AllParameters().Zip(found.AllParameters()))
        {
            Assert.Equal(left.Value.shape, right.Value.shape);
            Assert.True(left.Value.bytes.SequenceEqual(right.Value.bytes), $"{name} differs");
        }
    }
}
