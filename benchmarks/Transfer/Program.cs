using Lanyard.Benchmarks;

switch (args)
{
    case ["plan"]: Planning.Run(); break;
    case ["copy"]: Copying.Run(); break;
    case ["receive", var path]: Copying.Receive(path); break;
    case ["scale"]: Scale.Run(); break;
    default: Console.WriteLine("plan: the time of a plan; copy: from process to process against memcpy; scale: 1,024 ranks on paper"); break;
}
