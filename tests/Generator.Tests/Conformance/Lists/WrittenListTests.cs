extern alias runtime;

using System.Diagnostics;
using System.Reflection;
using Lanyard.Generator.Conformance.Lists;
using Lanyard.Tests;
using runtime::Lanyard.Checkpoints;

namespace Lanyard.Generator.Tests.Conformance.Lists;

/// <summary>What samples/TensorLists writes of a checkpoint has the checkpoint's tensors.</summary>
public sealed class WrittenListTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string Program = typeof(WrittenListTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "SampleTensorLists").Value!;

    [Theory]
    [InlineData("llama4-published", "llama4-published", false)]
    [InlineData("qwen3-5-moe-published-per-expert", "qwen3-5-moe-published-per-expert", false)]
    [InlineData("gguf/mixtral.gguf", "mixtral", true)]
    [InlineData("gguf/types.gguf", "types", true)]
    public void It_has_the_tensors_of_the_checkpoint(string path, string name, bool isGguf)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (code, output) = Run(folder.FullName, Fixtures.Path(path));
            Assert.True(code == 0, output);
            var file = Assert.Single(folder.GetFiles());
            var text = File.ReadAllText(file.FullName);
            var list = TensorList.Read(text, file.Name);
            Assert.Empty(list.Faults);
            Assert.Equal((name, isGguf), (list.Name, list.IsGguf));
            Assert.Equal(list.Rows.Length, text.Split('\n').Count(line => line.Contains("\"name\"", StringComparison.Ordinal)));
            using var checkpoint = Checkpoint.Open(Fixtures.Path(path));
            Assert.Contains($"\"bytes\": {checkpoint.TotalBytes},", text, StringComparison.Ordinal);
            Assert.Equal(
                checkpoint.Tensors.Values.Select(tensor => (tensor.Name, NaiveNames.Kind(tensor.DType.Text(), tensor.Shape))).Order(),
                list.Expand().Select(tensor => (tensor.Key, tensor.Value)).Order());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_is_no_checkpoint_is_said()
    {
        var (code, output) = Run(Path.GetTempPath(), Fixtures.Path("README.md"));
        Assert.Equal(1, code);
        Assert.Contains("README.md", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static (int Code, string Output) Run(string folder, string checkpoint)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Program, checkpoint]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (process.WaitForExit(Patience)) return (process.ExitCode, output.Result + error.Result);
        process.Kill(entireProcessTree: true);
        throw new TimeoutException($"The list of {checkpoint} is not written after {Patience}.");
    }
}
