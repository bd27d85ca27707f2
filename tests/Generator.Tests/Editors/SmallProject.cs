extern alias runtime;

using System.Diagnostics;
using Lanyard.CodeFixes;
using Lanyard.Generator.Tests.Analyzers;
using Lanyard.Generator.Tests.Analyzers.Conformance;

namespace Lanyard.Generator.Tests.Editors;

/// <summary>The project of an author in a folder of its own, which is deleted at the end: <see cref="SmallDecoder"/>, and two lists that it conforms to.</summary>
internal sealed class SmallProject : IDisposable
{
    private const string Large = "large.tensors.json";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    public SmallProject()
    {
        // What the package refers to, without the package.
        Write("Author.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <EnableNETAnalyzers>false</EnableNETAnalyzers>
              </PropertyGroup>
              <ItemGroup>
                <Analyzer Include="{typeof(ParameterModuleGenerator).Assembly.Location}" />
                <Analyzer Include="{typeof(WriteInsteadFix).Assembly.Location}" />
                <Reference Include="{typeof(runtime::Lanyard.Topology).Assembly.Location}" />
                <Reference Include="{typeof(TorchSharp.torch).Assembly.Location}" />
                <AdditionalFiles Include="*.tensors.json" />
              </ItemGroup>
            </Project>
            """);
        Write("Usings.cs", Verify.Usings);
        Write(SmallDecoder.File, SmallDecoder.List);
        Write(Large, SmallDecoder.List.Replace("48", "96", StringComparison.Ordinal));
        Code = Write("Model.cs", SmallDecoder.Code.Replace("[ConformsTo(\"list.tensors.json\")]", $"[ConformsTo(\"{SmallDecoder.File}\")]\n[ConformsTo(\"{Large}\")]", StringComparison.Ordinal));
    }

    /// <summary>The folder.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The file with the classes.</summary>
    public string Code { get; }

    /// <summary>Builds the project, and restores it first: what opens it next wants that.</summary>
    /// <returns>What was printed.</returns>
    public string Build()
    {
        using var process = Process.Start(Programs.In(Folder, ["build", "-v", "normal", "-tl:off"]))!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The project is not built after {Patience}.");
        }
        var printed = output.Result + error.Result;
        Assert.True(process.ExitCode == 0, printed);
        return printed;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
