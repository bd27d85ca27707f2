using BenchmarkDotNet.Attributes;
using Lanyard.Checkpoints;
using Lanyard.Tests;
using Lanyard.Tests.Models.DeepSeek;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Benchmarks;

/// <summary>Plans a load of DeepSeek-V3 from its tensor list, on the meta device: names, shapes and types, no weights.</summary>
[MemoryDiagnoser]
public class PlanningBenchmark
{
    private List<CheckpointTensor> _headers = [];
    private List<CheckpointTensor> _strangers = [];
    private DeepSeekSizes? _sizes;
    private DeepSeekV3? _model;

    /// <summary>How many of the 61 layers the model has; the list is cut alike.</summary>
    [Params(15, 30, 61)]
    public int Layers { get; set; }

    [GlobalSetup]
    public void Read()
    {
        _sizes = DeepSeekSizes.Read(Fixtures.Path("manifests", "deepseek-v3.config.json")) with { Layers = Layers };
        _headers = ManifestHeaders.Read(Fixtures.Path("manifests", "deepseek-v3.tensors.json"));
        _headers.RemoveAll(tensor => tensor.Name.Split('.') is ["model", "layers", var layer, ..] && int.Parse(layer) is var index && index >= Layers && index != 61);
        _strangers = _headers.ConvertAll(tensor => tensor with { Name = "other." + tensor.Name });
    }

    [IterationSetup]
    public void Make() => _model = new DeepSeekV3(_sizes!, null, ScalarType.BFloat16, META);

    [IterationCleanup]
    public void Drop() => _model!.Dispose();

    /// <summary>The first plan of a model: every name is spelled, every slot resolved.</summary>
    [Benchmark(Baseline = true)]
    public LoadEstimate FirstPlan() => LoadPlan.Check(_model!, _headers);

    /// <summary>A checkpoint in which every name is wrong: what it takes to list everything.</summary>
    [Benchmark]
    public int EverythingWrong()
    {
        try
        {
            LoadPlan.Check(_model!, _strangers);
            return 0;
        }
        catch (LoadException error)
        {
            return error.Problems.Length;
        }
    }
}
