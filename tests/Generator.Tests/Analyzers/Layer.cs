namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>An annotated class with two parameters, around the members of a test.</summary>
internal static class Layer
{
    public static string With(string members, string after = "") => $$"""
        [ParameterModule]
        public partial class Scale : Module
        {
            public Scale() : base("scale") => CreateParameters();

            [Axis] public int Size => 4;

            [Parameter("size")]
            [FromCheckpoint("weight", "size")]
            public partial Parameter Weight { get; set; }

            [Parameter("size")]
            [FromCheckpoint("bias", "size")]
            public partial Parameter Bias { get; set; }

            private static Parameter New(Tensor value) => new(value.clone(), requires_grad: false);

            {{members}}
        }
        {{after}}
        """;
}
