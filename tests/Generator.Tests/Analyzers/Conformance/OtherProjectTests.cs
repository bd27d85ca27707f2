using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>Classes of another project: an editor has their code, in which nothing may be reported, and a build has their assembly.</summary>
public sealed class OtherProjectTests
{
    private const string Root = """
        [ParameterModule, ConformsTo("list.tensors.json")]
        public sealed partial class Model : Module
        {
            public Model(Part part) : base("model")
            {
                Part = part;
                CreateParameters();
                RegisterComponents();
            }

            public Part Part { get; }
        }
        """;

    [Theory]
    [InlineData("part.wieght 4 3", "LANY0019 part.wieght", "LANY0055 \"list.tensors.json\"")]
    [InlineData("part.weight 4 3 2", "LANY0056 [4, 3, 2]")]
    [InlineData("part.weight 4 3")]
    public async Task What_is_wrong_with_them_is_said_at_the_attribute(string tensor, params string[] expected)
    {
        var other = Findings.Compile(OneModule.Class("Part", OneModule.Weight)).WithAssemblyName("Other");
        var found = await Findings.Of(Findings.Compile(Root, other.ToMetadataReference()), [new TextFile(SmallDecoder.File, OneModule.List(tensor))]);
        Assert.Equal(expected, found.Select(finding => $"{finding.Rule} {finding.Text}"));
    }
}
