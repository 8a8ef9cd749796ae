/** What the page says of the prompt library. */
export const prompts = {
  "prompts.about": "提示词是一段文本，在消息开头输入 / 加名称即可调用。",
  "prompts.asksFor": "会询问：{names}",
  "prompts.deleteAbout": "其所有版本也会被删除，共享对象将无法再使用它。",
  "prompts.deleteDo": "删除提示词",
  "prompts.export": "将你的提示词保存为文件",
  "prompts.handle": "调用名称",
  "prompts.handleHint": "小写字母、数字和连字符。之后无法更改。",
  "prompts.import": "从文件导入（也支持 Open WebUI）",
  "prompts.name": "名称",
  "prompts.new": "新建提示词",
  "prompts.noFile": "此文件中没有提示词。",
  "prompts.none": "还没有提示词。",
  "prompts.taken": "{count, plural, other:已导入 # 个提示词。}",
  "prompts.text": "文本",
  "prompts.textHint": "用两对花括号括住可变的内容，还可以指定类型。",
} as const;
